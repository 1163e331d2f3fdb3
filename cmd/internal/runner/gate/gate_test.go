package gate

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func shell(script string) Question {
	return Question{
		Command: []string{"/bin/sh", "-c", script}, Environ: os.Environ(), Context: "prod", Service: "ranker",
		Step: 2, Share: 50_000, Next: 250_000, Limit: 10 * time.Second,
	}
}

func TestGate_YesIsZeroNoIsOneAndTheRestIsNoAnswer(t *testing.T) {
	for script, c := range map[string]struct {
		yes  bool
		says string // of the error; empty: an answer
	}{
		"exit 0":                {true, ""},
		"exit 1":                {false, ""},
		"echo boom >&2; exit 2": {false, "exit status 2; it said: boom"},
		"kill -9 $$":            {false, "killed"},
		`test "$RAMPART_NEXT_PPM" = 250000 -a "$RAMPART_STEP" = 2 -a "$RAMPART_SERVICE" = ranker`: {true, ""},
	} {
		a, err := Ask(t.Context(), shell(script))
		if a.Yes != c.yes || (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", script, a, err)
		}
	}
}

func TestGate_ThatHangsIsKilledWithAllThatItStarted(t *testing.T) {
	q := shell("sleep 600 & sleep 600")
	q.Limit = 50 * time.Millisecond
	_, err := Ask(t.Context(), q)
	if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "no answer within 50ms") {
		t.Errorf("it says %v", err)
	}
}

func TestGate_ThatIsNotThereSaysSo(t *testing.T) {
	for _, command := range [][]string{nil, {"/nowhere/gate"}} {
		q := shell("")
		q.Command = command
		if a, err := Ask(t.Context(), q); a.Yes || err == nil {
			t.Errorf("%q: %v, %v", command, a, err)
		}
	}
}

func TestGate_SaysAtMostAPage(t *testing.T) {
	a, err := Ask(t.Context(), shell("yes | head -c 1000000"))
	if err != nil || len(a.Said.String()) > 16<<10 {
		t.Errorf("%d bytes kept, %v", len(a.Said.String()), err)
	}
}
