package elastic

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// The values of a Config whose fields are zero.
const (
	DefaultTimeout = 10 * time.Second
	DefaultRest    = 200.0    // lines a second that are shown of what is not shown whole
	DefaultLine    = 64 << 10 // bytes kept of one line
	DefaultAnswer  = 32 << 20 // bytes read of one answer
	DefaultLimit   = 2_000    // lines of a page
	defaultHeld    = 1 << 17  // lines remembered by choice
	defaultMost    = 1 << 20  // lines remembered at most
)

// Config says where an Elasticsearch is and which of its lines are whose. Its zero values are the defaults above and the
// names of the Elastic Common Schema.
type Config struct {
	URLs    []string                  // nodes, without credentials; or
	CloudID string                    // an Elastic Cloud id
	APIKey  sources.Secret            // the encoded key; asked again on 401, as are the next two
	Bearer  sources.Secret            // instead of a key
	Basic   *road.Basic               // instead of a key
	TLS     road.Trust                //
	Headers map[string]sources.Secret // further headers
	Proxy   string                    // the environment's when empty
	Timeout time.Duration             // of one request

	Index  string            // pattern, alias or data stream; several with commas
	Select map[string]string // what every line must have; * stands for any characters
	Query  string            // a query_string that every line must match
	Arm    ArmRule
	Fields Fields
	Show   Show
	// IngestLag is how late lines may come; measured when zero.
	IngestLag time.Duration

	Line   int   // bytes kept of one line
	Answer int64 // bytes read of one answer
	Now    func() time.Time
	Rand   func() float64 // draws from [0, 1); for what must differ between consoles
}

// ArmRule tells the arms apart: a field and its value for each; * stands for any characters.
type ArmRule struct {
	Field string
	Value sources.ByArm[string]
}

// Fields are the names under which a line's parts are found.
type Fields struct {
	Time    string // @timestamp
	Message string // message
	Level   string // log.level
	Version string // service.version
	ID      string // trace.id
	Stack   string // error.stack_trace
}

// Show says which lines a tail brings when it is not asked for all.
type Show struct {
	All   bool            // every line
	Whole []sources.Level // levels of which every line is shown; errors when nil
	Rest  float64         // lines a second of all other levels together; DefaultRest when zero, none when negative
}

// Validate says what is wrong with the config itself, without asking anybody.
func (c Config) Validate() error {
	if _, err := c.nodes(); err != nil {
		return err
	}
	ways := 0
	for _, given := range []bool{c.APIKey != nil, c.Bearer != nil, c.Basic != nil} {
		if given {
			ways++
		}
	}
	switch {
	case ways > 1:
		return errors.New("elasticsearch: want one of api_key, bearer or basic")
	case c.Basic != nil && (c.Basic.Username == "" || c.Basic.Password == nil):
		return errors.New("elasticsearch basic: want username and password")
	case (c.TLS.Cert == "") != (c.TLS.Key == ""):
		return errors.New("elasticsearch tls: cert and key belong together")
	case c.Timeout < 0, c.IngestLag < 0, c.Line < 0, c.Answer < 0:
		return errors.New("elasticsearch: timeout, ingest_lag and sizes cannot be negative")
	case c.Now == nil:
		return errors.New("elasticsearch: want a clock")
	}
	if _, err := url.Parse(c.Proxy); err != nil {
		return errors.New("elasticsearch proxy: not a url")
	}
	return c.validateLines()
}

func (c Config) validateLines() error {
	switch {
	case strings.TrimSpace(c.Index) == "":
		return errors.New("logs index: want a pattern, an alias or a data stream, such as logs-ranker-*")
	case strings.ContainsAny(c.Index, " \t\"\\/?#|<>"):
		return fmt.Errorf("logs index %q: it holds a character that no index name has", c.Index)
	case strings.HasPrefix(c.Index, "_"):
		return fmt.Errorf("logs index %q: no index name begins with _", c.Index)
	case c.Arm.Field == "":
		return errors.New("logs arm: want the field that tells the arms apart, such as labels.track")
	case c.Arm.Value.Legacy == "", c.Arm.Value.Candidate == "":
		return fmt.Errorf("logs arm %s: want its value for legacy and for candidate", c.Arm.Field)
	case c.Arm.Value.Legacy == c.Arm.Value.Candidate:
		return fmt.Errorf("logs arm %s: both arms have the value %q", c.Arm.Field, c.Arm.Value.Legacy)
	}
	return nil
}

// nodes are the addresses to ask.
func (c Config) nodes() ([]*url.URL, error) {
	if c.CloudID != "" {
		if len(c.URLs) > 0 {
			return nil, errors.New("elasticsearch: want url or cloud_id, not both")
		}
		u, err := cloudURL(c.CloudID)
		return []*url.URL{u}, err
	}
	if len(c.URLs) == 0 {
		return nil, errors.New("elasticsearch: want url, urls or cloud_id")
	}
	var out []*url.URL
	for _, s := range c.URLs {
		u, err := url.Parse(strings.TrimRight(s, "/"))
		switch {
		case err != nil:
			return nil, errors.New("elasticsearch url: not a url") // the parser's own message would repeat credentials
		case u.User != nil:
			return nil, fmt.Errorf("elasticsearch url %s: put the credentials into basic", sources.Visible(u.Redacted()))
		case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
			return nil, fmt.Errorf("elasticsearch url %s: want http://host:9200 or https://host", sources.Visible(u.Redacted()))
		}
		out = append(out, u)
	}
	return out, nil
}

// filled returns the config with its defaults.
func (c Config) filled() Config {
	orTime(&c.Timeout, DefaultTimeout)
	orText(&c.Fields.Time, "@timestamp")
	orText(&c.Fields.Message, "message")
	orText(&c.Fields.Level, "log.level")
	orText(&c.Fields.Version, "service.version")
	orText(&c.Fields.ID, "trace.id")
	orText(&c.Fields.Stack, "error.stack_trace")
	if c.Show.Whole == nil {
		c.Show.Whole = []sources.Level{sources.LevelError}
	}
	if c.Show.Rest == 0 {
		c.Show.Rest = DefaultRest
	}
	if c.Line == 0 {
		c.Line = DefaultLine
	}
	if c.Answer == 0 {
		c.Answer = DefaultAnswer
	}
	if c.Rand == nil {
		c.Rand = func() float64 { return 0 }
	}
	c.Show.Whole = slices.Clone(c.Show.Whole)
	return c
}

func orText(s *string, d string) {
	if *s == "" {
		*s = d
	}
}

func orTime(t *time.Duration, d time.Duration) {
	if *t == 0 {
		*t = d
	}
}

// cloudURL reads an Elastic Cloud id: a name, a colon, and base64 of domain$elasticsearch$kibana (Elastic Cloud, "Find
// your cloud ID").
func cloudURL(id string) (*url.URL, error) {
	_, coded, ok := strings.Cut(id, ":")
	if !ok {
		return nil, errors.New("elasticsearch cloud_id: want name:code")
	}
	plain, err := base64.StdEncoding.DecodeString(coded)
	parts := strings.Split(string(plain), "$")
	if err != nil || len(parts) < 2 || parts[0] == "" || parts[1] == "" {
		return nil, errors.New("elasticsearch cloud_id: its code cannot be read; copy it again from the deployment's page")
	}
	host, port, ok := strings.Cut(parts[0], ":")
	if !ok {
		port = "443"
	}
	u, err := url.Parse("https://" + parts[1] + "." + host + ":" + port)
	if err != nil {
		return nil, errors.New("elasticsearch cloud_id: its code names no host")
	}
	return u, nil
}
