package panel

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
)

func TestShorten_KeepsWhatTheSentenceComesTo(t *testing.T) {
	incident := "errors ×4.0 (1.7–8.2), limit ×1.1, since 13:58; router agrees; legacy unchanged → it IS the candidate"
	for _, c := range []struct {
		w          int
		text, want string
	}{
		{200, incident, incident},
		{70, incident, "errors ×4.0 (1.7–8.2), limit ×1.1, since 13:58 … → it IS the candidate"},
		{48, incident, "errors ×4.0 (1.7–8.2) … → it IS the candidate"},
		{70, "errors ×4.0 (1.7–8.2), limit ×1.1, since 13:58; BOTH WORSE since 13:58: probably not the candidate", "errors ×4.0 (1.7–8.2), limit ×1.1 …; BOTH WORSE since 13:58 …"},
		{40, "ramp running, step 2 of 5: not shown to be safe yet: about 11 min at 5 %", "ramp running, step 2 of 5 …"},
		{30, "evidence for safe 4.3× of the 20× needed", "evidence for safe 4.3× of…"},
		{20, "no series matches http_request_duration_seconds_count", "no series matches…"},
	} {
		if got := shorten(cell.Say(cell.Plain, c.text), c.w).String(); got != c.want {
			t.Errorf("in %d columns:\n got %q\nwant %q", c.w, got, c.want)
		}
	}
}

// TestShorten_NeverShowsHalfANumber: every number of the short sentence is one of the long.
func TestShorten_NeverShowsHalfANumber(t *testing.T) {
	number := regexp.MustCompile(`\d[\d.:]*`)
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"errors", "×4.05", "(1.7–8.2),", "since", "13:58;", "12/12", "→", "·", "about", "1234567", "min:", "R"}), 1, 30).Draw(t, "words")
		text := "R " + strings.Join(words, " ")
		w := rapid.IntRange(8, 90).Draw(t, "columns")
		got := shorten(cell.Say(cell.Key, text[:1]).And(cell.Plain, text[1:]), w)
		if got.Width() > w {
			t.Fatalf("%q is wider than %d", got.String(), w)
		}
		for _, n := range number.FindAllString(got.String(), -1) {
			if !strings.Contains(" "+strings.Join(number.FindAllString(text, -1), " ")+" ", " "+n+" ") {
				t.Fatalf("%q became %q: %s is none of its numbers", text, got.String(), n)
			}
		}
	})
}

func TestFleet_ServersThatAreAlikeShareARowAndOthersStandAlone(t *testing.T) {
	up := sources.Server{Arm: sources.Legacy, State: sources.NewText("UP"), Up: true, Weight: 100, Initial: 100}
	f := &frame.Frame{}
	for _, name := range []string{"stable-1", "stable-2", "stable-3", "stable-4"} {
		s := up
		s.Name, s.Counters.Errors = name, 2
		if name == "stable-3" {
			s.State, s.Up = sources.NewText("DOWN"), false
		}
		f.Traffic.Servers = append(f.Traffic.Servers, s)
		f.Traffic.Rates = append(f.Traffic.Rates, analysis.Number(18, analysis.PerSecond, 100))
	}
	text := fleetPart(f, 100).String()
	for _, want := range []string{"stable-1…2", "2 UP", " 36 ", "stable-3 ", "DOWN", "stable-4 "} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func TestFleet_CountersThatThePlaneDoesNotTellAreNotZero(t *testing.T) {
	f := &frame.Frame{}
	for _, name := range []string{"stable-1", "stable-2"} {
		f.Traffic.Servers = append(f.Traffic.Servers, sources.Server{
			Name: name, Arm: sources.Legacy, Up: true, Weight: -1, Initial: -1,
			Counters: sources.RouterCounters{Requests: 7, Errors: sources.Untold, ConnectionErrors: sources.Untold, ResponseErrors: sources.Untold, Retries: sources.Untold},
		})
	}
	if text := fleetPart(f, 140).String(); !strings.Contains(text, " 14 ") || !strings.Contains(text, "— / —") || strings.Contains(text, " 0 ") {
		t.Errorf("\n%s", text)
	}
}
