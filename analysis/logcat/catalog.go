package logcat

import (
	"fmt"
	"regexp"
	"slices"
	"sync"

	"rampart/sources"
)

// Rule is one category: lines of one of the levels (all when empty) whose text Match finds (any when empty).
type Rule struct {
	Name   string
	Levels []sources.Level
	Match  string // RE2, without regard to case
}

// Set is the categories of a line, a bit for each in the order of the catalog.
type Set uint64

// Most is how many categories there can be.
const Most = 64

// longest is how much of a text is looked at.
const longest = 4 << 10

// Catalog is the categories. It does not change and is safe for many goroutines. Create it with [New].
type Catalog struct {
	names  []string
	res    []*regexp.Regexp
	levels [5]Set // categories that a level does not exclude
}

// Defaults are the categories of a config that names none.
func Defaults() []Rule {
	return []Rule{
		{Name: "errors", Levels: []sources.Level{sources.LevelError}},
		{Name: "warnings", Levels: []sources.Level{sources.LevelWarn}},
		{Name: "timeouts", Match: `\btime[sd]?[ -]?out|\btimeout|deadline exceeded|timed? limit exceeded|context deadline`},
		{Name: "dependencies", Match: `connection (was )?(refused|reset|closed|aborted)|reset the connection|broken pipe|no route to host|unreachable|` +
			`name resolution|no such host|dns (error|failure)|upstream|bad gateway|service unavailable|circuit breaker|pool exhausted|` +
			`(feature store|redis|kafka|postgres|mysql|database|grpc|s3|cassandra).{0,40}(fail|error|timeout|unavailable)|\b(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH)\b`},
		{Name: "security", Match: `unauthori[sz]ed|forbidden|permission denied|access denied|authentication fail|invalid (token|signature|credential|password)|` +
			`(certificate|x509|tls handshake).{0,60}(expired|invalid|unknown|fail|error)|csrf|injection|brute.?force`},
		{Name: "data", Match: `\bNaN\b|schema (mismatch|violation|error)|missing (field|key|column|feature|embedding|value)|(field|key|column|feature|embedding)\b.{0,60}\bmissing|` +
			`unknown (field|locale|enum|column|feature)|null (value|pointer)|KeyError|ValueError|type ?error|parse error|cannot parse|malformed|invalid (json|utf-?8|value|format|input)|` +
			`out of range|decode error|deserializ\w+ (fail|error)|corrupt`},
	}
}

// standard is compiled once: a runner's hundreds of services hardly ever have other categories, and each catalog takes 80 kB.
var standard = sync.OnceValue(func() *Catalog {
	c, err := New(Defaults())
	if err != nil {
		panic(err) // of the constants above
	}
	return c
})

// Standard is the catalog of the default rules, one for all who ask.
func Standard() *Catalog { return standard() }

// New compiles rules. Errors are of kind sources.ErrInvalid and name the rule.
func New(rules []Rule) (*Catalog, error) {
	if len(rules) > Most {
		return nil, invalid("categories", fmt.Errorf("%d are too many, want at most %d", len(rules), Most))
	}
	c := &Catalog{}
	for i, r := range rules {
		switch {
		case r.Name == "":
			return nil, invalid("categories", fmt.Errorf("number %d has no name", i+1))
		case slices.Contains(c.names, r.Name):
			return nil, invalid(r.Name, fmt.Errorf("the same name twice"))
		case r.Match == "" && len(r.Levels) == 0:
			return nil, invalid(r.Name, fmt.Errorf("neither level nor match: every line would be in it"))
		}
		re, err := compile(r.Match)
		if err != nil {
			return nil, invalid(r.Name, err)
		}
		c.names, c.res = append(c.names, r.Name), append(c.res, re)
		for l := range c.levels {
			if len(r.Levels) == 0 || slices.Contains(r.Levels, sources.Level(l)) {
				c.levels[l] |= 1 << i
			}
		}
	}
	return c, nil
}

func compile(match string) (*regexp.Regexp, error) {
	if match == "" {
		return nil, nil //nolint:nilnil // no pattern is no mistake: every text matches
	}
	re, err := regexp.Compile("(?i:" + match + ")")
	if err != nil {
		return nil, err
	}
	if re.MatchString("") {
		return nil, fmt.Errorf("match %q finds nothing in particular: it fits an empty text", match)
	}
	return re, nil
}

func invalid(target string, cause error) error {
	return &sources.Error{Op: "configure log categories", Target: target, Kind: sources.ErrInvalid, Cause: cause}
}

// Names are the categories in order.
func (c *Catalog) Names() []string { return slices.Clone(c.names) }

// Text tells which categories a text does not exclude.
func (c *Catalog) Text(text string) (s Set) {
	text = text[:min(len(text), longest)]
	for i, re := range c.res {
		if re == nil || re.MatchString(text) {
			s |= 1 << i
		}
	}
	return s
}

// At tells which categories a level does not exclude. A line is in those that neither its text nor its level excludes.
func (c *Catalog) At(l sources.Level) Set {
	if int(l) >= len(c.levels) {
		return c.levels[sources.LevelUnknown]
	}
	return c.levels[l]
}

// Has tells whether the i-th category is in the set.
func (s Set) Has(i int) bool { return s&(1<<i) != 0 }
