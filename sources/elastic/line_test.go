package elastic_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
)

// one writes a document at a time and returns how the tail shows it, and what its page says.
func one(t testing.TB, source string, change func(*elastic.Config)) (sources.LogLine, sources.Page) {
	t.Helper()
	c := newCluster(t)
	c.write("logs-a", "x", source)
	c.refresh()
	return only(t, c, change)
}

func only(t testing.TB, c *cluster, change func(*elastic.Config)) (sources.LogLine, sources.Page) {
	t.Helper()
	p, err := open(t, c, change)(sources.LogQuery{Window: span, All: true})
	if err != nil || len(p.Lines) != 1 {
		t.Fatalf("%d lines, %v", len(p.Lines), err)
	}
	return p.Lines[0], p
}

// open returns a tail without a cursor.
func open(t testing.TB, c *cluster, change func(*elastic.Config)) func(sources.LogQuery) (sources.Page, error) {
	s := source(t, c, change)
	return func(q sources.LogQuery) (sources.Page, error) { return s.Tail(t.Context(), q, sources.Cursor{}) }
}

var (
	noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	span = sources.Window{From: noon, To: noon.Add(time.Minute)}
)

// with puts members into a document of noon.
func with(members string) string {
	return fmt.Sprintf(`{"@timestamp":%d,"labels":{"track":"canary"},%s}`, noon.UnixMilli(), members)
}

func TestLine_ReadsWhatDocumentsLookLike(t *testing.T) {
	for _, c := range []struct {
		name, source, message string
		level                 sources.Level
	}{
		{"as ECS says", with(`"message":"hello","log":{"level":"error"}`), "hello", sources.LevelError},
		{"dotted names", with(`"message":"hello","log.level":"WARN"`), "hello", sources.LevelWarn},
		{"a level in an array", with(`"message":"hello","log":{"level":["Fatal"]}`), "hello", sources.LevelError},
		{"a level as syslog counts", with(`"message":"hello","log":{"level":6}`), "hello", sources.LevelInfo},
		{"a level as pino counts", with(`"message":"hello","log":{"level":60}`), "hello", sources.LevelError},
		{"a level that loggers disagree on", with(`"message":"hello","log":{"level":40}`), "hello", sources.LevelUnknown},
		{"a level that is an object", with(`"message":"hello","log":{"level":{"name":"error"}}`), "hello", sources.LevelUnknown},
		{"no level", with(`"message":"hello"`), "hello", sources.LevelUnknown},
		{"a message that is an object", with(`"message":{"a":1,"b":"two"}`), `{"a":1,"b":"two"}`, 0},
		{"a message of several parts", with(`"message":["a",1,null,true]`), "a\n1\n\ntrue", 0},
		{"a message that is a number", with(`"message":42`), "42", 0},
		{"an error without a message", with(`"message":null,"error":{"message":"boom"}`), "boom", 0},
		{"an original event", with(`"event":{"original":"raw"}`), "raw", 0},
		{"nothing to say", with(`"a":1`), with(`"a":1`), 0},
		{"escapes and a pair of surrogates", with(`"message":"a\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00\ud800"`), "a\"\\/\b\f\n\r\t\x00é😀\ufffd", 0},
		{"bytes that are no UTF-8", with("\"message\":\"a\xff\xfeb\""), "a\xff\xfeb", 0},
		{"terminal commands", with(`"message":"\u001b[2Jevil\u202e"`), "\x1b[2Jevil\u202e", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, _ := one(t, c.source, nil)
			if l.Message.Raw() != c.message || l.Level != c.level || l.Arm != sources.Candidate {
				t.Errorf("message %q, level %v, arm %v; want %q, %v, candidate", l.Message.Raw(), l.Level, l.Arm, c.message, c.level)
			}
			if strings.ContainsAny(l.Message.String(), "\x1b\x00\n") {
				t.Errorf("%q is not harmless", l.Message.String())
			}
			if string(l.Source) != c.source {
				t.Errorf("the document became %s", l.Source)
			}
		})
	}
}

func TestLine_BelongsToTheArmThatItsFieldNames(t *testing.T) {
	track := func(v string) string {
		return fmt.Sprintf(`{"@timestamp":%d,"message":"m","labels":{"track":%s}}`, noon.UnixMilli(), v)
	}
	rule := func(legacy, candidate string) func(*elastic.Config) {
		return func(c *elastic.Config) { c.Arm.Value = sources.ByArm[string]{Legacy: legacy, Candidate: candidate} }
	}
	for _, c := range []struct {
		source string
		change func(*elastic.Config)
		want   sources.Arm
	}{
		{track(`"stable"`), nil, sources.Legacy},
		{track(`["x","canary"]`), nil, sources.Candidate},
		{track(`42`), rule("41", "42"), sources.Candidate},
		{track(`true`), rule("false", "true"), sources.Candidate},
		{track(`"ranker-v41-7f"`), rule("ranker-v41-*", "ranker-v42-*"), sources.Legacy},
		{track(`"a-blue-9-x"`), rule("*-green-*", "*-blue-*-x"), sources.Candidate},
	} {
		if l, _ := one(t, c.source, c.change); l.Arm != c.want {
			t.Errorf("%s is of %v, want %v", c.source, l.Arm, c.want)
		}
	}
}

func TestLine_FindsAnArmThatStandsInTheMappingOnly(t *testing.T) {
	c := newCluster(t)
	c.write("constant-canary", "x", fmt.Sprintf(`{"@timestamp":%d,"message":"m"}`, noon.UnixMilli()))
	c.refresh()
	c.anyArm = true
	l, p := only(t, c, func(cfg *elastic.Config) { cfg.Index = "constant-*" })
	if l.Arm != sources.Candidate || len(p.Notes) > 0 {
		t.Errorf("a line whose arm is a constant of its index is of %v: %v", l.Arm, p.Notes)
	}
}

func TestLine_HasTheTimeThatTheClusterMeans(t *testing.T) {
	for said, want := range map[string]time.Time{
		`"2026-01-05T12:00:01.123456789Z"`: noon.Add(1123456789),
		`"2026-01-05T14:00:01.5+02:00"`:    noon.Add(1500 * time.Millisecond),
		`1767614401250`:                    noon.Add(1250 * time.Millisecond),
	} {
		l, _ := one(t, `{"@timestamp":`+said+`,"message":"m","labels":{"track":"canary"}}`, nil)
		if !l.At.Equal(want) {
			t.Errorf("%s became %v, want %v", said, l.At, want)
		}
	}
}

func TestLine_InSecondsHasTheTimeOfAnIndexThatCountsInThem(t *testing.T) {
	c := newCluster(t)
	c.seconds = true
	c.write("logs-a", "x", fmt.Sprintf(`{"@timestamp":%d,"message":"m","labels":{"track":"canary"}}`, noon.Unix()+1))
	c.refresh()
	if l, _ := only(t, c, nil); !l.At.Equal(noon.Add(time.Second)) {
		t.Errorf("it is of %v", l.At)
	}
}

func TestLine_InSecondsWhereTheIndexCountsMillisecondsIsOfNoWindow(t *testing.T) {
	c := newCluster(t)
	c.write("logs-a", "x", fmt.Sprintf(`{"@timestamp":%d,"message":"m","labels":{"track":"canary"}}`, noon.Unix()+1))
	c.refresh()
	p, err := open(t, c, nil)(sources.LogQuery{Window: span, All: true})
	if err != nil || len(p.Lines) != 0 {
		t.Errorf("%d lines: it is of January 1970 to the cluster, and of today to nobody (%v)", len(p.Lines), err)
	}
}

func TestLine_OfAnySizeIsBounded(t *testing.T) {
	fields := make([]string, 5000)
	for i := range fields {
		fields[i] = fmt.Sprintf(`"field_%d":{"value":%d}`, i, i)
	}
	for name, c := range map[string]struct {
		source string
		cut    bool
	}{
		"10 MB of message":  {with(`"log":{"level":"error"},"message":"` + strings.Repeat("x", 10<<20) + `"`), true},
		"10 MB of escapes":  {with(`"log":{"level":"error"},"message":"` + strings.Repeat(`\n`, 5<<20) + `"`), true},
		"5 000 fields":      {with(`"log":{"level":"error"},"message":"m",` + strings.Join(fields, ",")), true},
		"nested 1 000 deep": {with(`"log":{"level":"error"},"message":"m","deep":` + strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000)), false},
		"lists 1 000 deep":  {with(`"log":{"level":"error"},"message":` + strings.Repeat(`[`, 1000) + `"m"` + strings.Repeat("]", 1000)), false},
	} {
		t.Run(name, func(t *testing.T) {
			l, p := one(t, c.source, nil)
			if len(l.Message.Raw()) > elastic.DefaultLine || len(l.Source) > elastic.DefaultLine || !json.Valid(l.Source) {
				t.Errorf("%d bytes of message, %d of document", len(l.Message.Raw()), len(l.Source))
			}
			if said := len(p.Notes) == 1 && strings.Contains(p.Notes[0].Text.String(), "lines longer than 64 kB, cut: 1"); said != c.cut {
				t.Errorf("cut %v, the page says %v", c.cut, p.Notes)
			}
			if l.Level != sources.LevelError || l.Message.IsZero() {
				t.Errorf("level %v, message of %d bytes", l.Level, len(l.Message.Raw()))
			}
		})
	}
}
