package logcat

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"rampart/sources"
)

func of(t *testing.T, c *Catalog, level sources.Level, text string) (names []string) {
	t.Helper()
	set := c.Text(text) & c.At(level)
	for i, n := range c.Names() {
		if set.Has(i) {
			names = append(names, n)
		}
	}
	return names
}

func TestDefaults_SortLinesAsAnOperatorWould(t *testing.T) {
	c, err := New(Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range []struct {
		level sources.Level
		text  string
		want  string
	}{
		{sources.LevelInfo, "rank served 12 items in 40 ms", ""},
		{sources.LevelError, "feature store timeout 312 ms", "errors timeouts dependencies"},
		{sources.LevelError, "model server reset the connection after 512 bytes", "errors dependencies"},
		{sources.LevelError, `KeyError: embedding "user:1" missing`, "errors data"},
		{sources.LevelWarn, `bad request: unknown locale "xx"`, "warnings data"},
		{sources.LevelWarn, "slow answer: /rank took 300 ms, budget 250 ms", "warnings"},
		{sources.LevelWarn, "401 Unauthorized: invalid token", "warnings security"},
		{sources.LevelUnknown, "dial tcp 10.0.0.1:80: connect: connection refused", "dependencies"},
		{sources.LevelError, "tls handshake: x509: certificate has expired", "errors security"},
		{sources.LevelInfo, "checkout finished, 3 items out", ""},
	} {
		if got := strings.Join(of(t, c, l.level, l.text), " "); got != l.want {
			t.Errorf("%q is in %q, want %q", l.text, got, l.want)
		}
	}
}

func TestCatalog_ALineOfTenMegabytesIsReadFromItsBeginning(t *testing.T) {
	c, err := New([]Rule{{Name: "x", Match: "needle"}})
	if err != nil {
		t.Fatal(err)
	}
	if c.Text(strings.Repeat("a", 10<<20)+"needle") != 0 || c.Text("needle"+strings.Repeat("a", 10<<20)) == 0 {
		t.Error("only the beginning is looked at")
	}
	if c.At(99) != c.At(sources.LevelUnknown) {
		t.Error("a level that there is not is not unknown")
	}
}

func TestNew_WrongRulesAreErrorsThatNameThem(t *testing.T) {
	for _, r := range [][]Rule{
		{{Name: "", Match: "x"}},
		{{Name: "a", Match: "x"}, {Name: "a", Match: "y"}},
		{{Name: "a"}},
		{{Name: "a", Match: "("}},
		{{Name: "a", Match: "x*"}},
		slices.Repeat([]Rule{{Name: "a", Match: "x"}}, Most+1),
	} {
		if _, err := New(r); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("%+v: %v", r[0], err)
		}
	}
}
