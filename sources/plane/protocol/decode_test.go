package protocol

import (
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

func TestDecode_RefusesWhatIsNoAnswer(t *testing.T) {
	for in, want := range map[string]string{
		``:                                     "nothing at all",
		`null x`:                               "more than one",
		`{"read":{"candidate_percent":101}}`:   "101 % is no share",
		`{"read":{"candidate_percent":-1}}`:    "-1 % is no share",
		`{"read":{"candidate_percent":"5"}}`:   "read.candidate_percent is a string",
		`{"read":{"candidat_percent":5}}`:      "unknown field",
		`{"read":{"servers":[{"name":"a"}]}}`:  "needs a name, an arm",
		`{"caps":{"shares_percent":[0,1000]}}`: "1000 % is no share",
		`{"error":{"kind":"","text":"hm"}}`:    "no error is of kind",
		"\x1b[2J":                              `\x1b[2J`,
	} {
		if _, err := Decode([]byte(in)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestDecode_TellsAFailureByItsKind(t *testing.T) {
	for _, word := range []string{"unreachable", "denied", "conflict", "invalid", "throttled", "unsupported", "partial", "ambiguous"} {
		kind, _ := kindOf(word)
		_, err := Decode([]byte(`{"error":{"kind":"` + word + `","text":"why"}}`))
		if !errors.Is(err, kind) {
			t.Errorf("%s: %v", word, err)
		}
		e, _ := errors.AsType[*sources.Error](err)
		if e.Sent != (word == "partial" || word == "ambiguous") {
			t.Errorf("%s: sent %v", word, e.Sent)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"read":{"candidate_percent":5,"servers":[{"name":"a","arm":"legacy","up":true}]}}`))
	f.Add([]byte(`{"error":{"kind":"denied","text":"no","retry_after_seconds":1e300}}`))
	f.Add([]byte(`{"caps":{"finest_percent":0.01}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Decode(b)
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\n\x00") {
			t.Errorf("an error that commands a terminal: %q", err)
		}
		if err == nil && a.Read != nil && a.Read.Set != nil && share(*a.Read.Set) > sources.Whole {
			t.Error("a share above the whole")
		}
	})
}
