package judge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/judge"
	"rampart/sources"
)

// TestJudge_SaysWhatTheOperatorsStoriesExpect reads testdata/judge: a line sets what is known at noon of a rollout that
// is otherwise well, `expect CALL because "words"` and `advise "words"` say what has to stand on the screen.
func TestJudge_SaysWhatTheOperatorsStoriesExpect(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/judge/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			s := &story{in: shownSafe()}
			for i, line := range strings.Split(string(text), "\n") {
				if err := s.read(strings.TrimSpace(line)); err != nil {
					t.Errorf("line %d: %v", i+1, err)
				}
			}
			if s.expected == 0 {
				t.Error("it expects nothing")
			}
		})
	}
}

// story is what a file has said so far.
type story struct {
	in       judge.Input
	expected int
}

func (s *story) read(line string) error {
	word, rest, _ := strings.Cut(line, " ")
	switch word {
	case "", "#":
		return nil
	case "evidence":
		return s.evidence(rest)
	case "worse":
		return at(rest, "since %s", &s.in.Evidence.FirstWorse)
	case "newest":
		return at(rest, "%s", &s.in.Newest)
	case "unreachable":
		s.in.Unreachable = rest
	case "no":
		s.in.NoSeries = strings.TrimPrefix(rest, "series ")
	case "silent":
		return s.in.Silent.UnmarshalText([]byte(rest))
	case "blocks":
		return number(rest, &s.in.Blocks)
	case "share":
		var percent int
		err := number(rest, &percent)
		s.in.Split = sources.SplitAt(sources.ShareOf(float64(percent)/100), noon)
		return err
	case "servers":
		l, c := &s.in.Servers.Legacy, &s.in.Servers.Candidate
		_, err := fmt.Sscanf(rest, "legacy %d/%d candidate %d/%d", &l[0], &l[1], &c[0], &c[1])
		return err
	case "router":
		return s.router(rest)
	case "expect", "advise":
		return s.check(word, rest)
	default:
		return fmt.Errorf("%q is no word of a story", word)
	}
	return nil
}

func (s *story) evidence(call string) error {
	if err := s.in.Evidence.Call.UnmarshalText([]byte(call)); err != nil {
		return err
	}
	if s.in.Evidence.Call != analysis.Safe {
		s.in.Evidence.LogSafe = 0
	}
	return nil
}

// router reads shares in per cent: `candidate 9.2 (7–12) legacy 0.4 app 0.4`.
func (s *story) router(text string) error {
	var v, lo, hi, legacy, app float64
	if _, err := fmt.Sscanf(text, "candidate %g (%g–%g) legacy %g app %g", &v, &lo, &hi, &legacy, &app); err != nil {
		return err
	}
	s.in.Router = judge.Router{
		Known: true, Servers: 2, Candidate: shareOf(v/100, lo/100, hi/100, 1000),
		Legacy: analysis.Number(legacy/100, analysis.Fraction, 9000), App: analysis.Number(app/100, analysis.Fraction, 1000),
	}
	return nil
}

// check compares the verdict with `CALL because "words"`, or the advice with `"words"`.
func (s *story) check(word, text string) error {
	s.expected++
	got := judge.Decide(s.in)
	if word == "advise" {
		return contains("the advice", got.Do, text)
	}
	call, because, _ := strings.Cut(text, " because ")
	if got.Call.Label() != call {
		return fmt.Errorf("the call is %s (%s), want %s", got.Call.Label(), got.Sentence, call)
	}
	return contains("the sentence", got.Sentence, because)
}

func contains(what, got, quoted string) error {
	want, err := strconv.Unquote(quoted)
	if err != nil {
		return fmt.Errorf("%s: %w", quoted, err)
	}
	if !strings.Contains(got, want) {
		return fmt.Errorf("%s is %q, want %q in it", what, got, want)
	}
	return nil
}

// at reads a time of the day of noon.
func at(text, format string, to *time.Time) error {
	var clock string
	if _, err := fmt.Sscanf(text, format, &clock); err != nil {
		return err
	}
	t, err := time.Parse("15:04", clock)
	*to = noon.Truncate(24 * time.Hour).Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
	return err
}

func number(text string, to *int) (err error) {
	*to, err = strconv.Atoi(text)
	return err
}
