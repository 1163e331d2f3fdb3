package ramp

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// Until is what must be so before a step is left, beside its bake time and a candidate that is not worse.
type Until uint8

// The gates. The zero value: the bake time alone.
const (
	Bake    Until = iota // the bake time is over
	Safe                 // the call is safe
	Approve              // somebody with the right to promote said yes, for this candidate
	Command              // a command said yes
)

var untilWords = [...]string{"bake", "safe", "approve", "command"}

// String returns the gate's word.
func (u Until) String() string {
	if int(u) < len(untilWords) {
		return untilWords[u]
	}
	return untilWords[0]
}

// MarshalText writes the gate's word.
func (u Until) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads a gate's word; "approved" is the same as "approve".
func (u *Until) UnmarshalText(b []byte) error {
	word := string(b)
	if word == "approved" {
		word = "approve"
	}
	for i, w := range untilWords {
		if w == word {
			*u = Until(i)
			return nil
		}
	}
	return fmt.Errorf("gate %q: want safe, approve or command", word)
}

// Step is one share and what it takes to leave it.
type Step struct {
	To      sources.Share
	Bake    time.Duration // how long it is watched at least
	Until   Until
	Max     time.Duration // of the whole step, after which OnTimeout follows; 0: it waits for ever
	Command []string      // of the gate Command: program and arguments, no shell
}

// String is the step as it is written: "25% for 15m then approve or 2h".
func (s Step) String() string {
	var b strings.Builder
	b.WriteString(percent(s.To))
	if s.Bake > 0 {
		b.WriteString(" for " + Span(s.Bake))
	}
	if s.Until == Bake {
		return b.String()
	}
	if s.Bake > 0 {
		b.WriteString(" then " + s.Until.String())
	} else {
		b.WriteString(" until " + s.Until.String())
	}
	if s.Max > 0 {
		b.WriteString(" or " + Span(s.Max))
	}
	if s.Until == Command {
		b.WriteString(": " + quoted(s.Command))
	}
	return b.String()
}

// MarshalText writes the step as String does.
func (s Step) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseStep reads.
func (s *Step) UnmarshalText(b []byte) error {
	v, err := ParseStep(string(b))
	if err == nil {
		*s = v
	}
	return err
}

// percent prints a share exactly, as a plan is written: for steps and for what is to be written into one. Sentences say shares as
// [sources.Share.String] does.
func percent(s sources.Share) string {
	return strconv.FormatFloat(float64(s)/10_000, 'f', -1, 64) + "%"
}

// Span prints a duration without its empty parts: "15m", "1h30m".
func Span(d time.Duration) string {
	t := d.String()
	if strings.HasSuffix(t, "m0s") {
		t = strings.TrimSuffix(t, "0s")
	}
	if strings.HasSuffix(t, "h0m") {
		t = strings.TrimSuffix(t, "0m")
	}
	return t
}
