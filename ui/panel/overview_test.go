package panel_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/panel"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestOverview_ShowsAsTimeGoesByWhatOneJustOpenedShows(t *testing.T) {
	f, kept := sample.Incident(), panel.NewSet().Overview
	box := part.Box{W: 120, H: 40}
	st := part.State{Now: f.At, Span: part.DefaultSpan}
	pictures := map[string]bool{}
	for i := range 400 {
		st.Now = f.At.Add(time.Duration(i) * time.Second)
		switch i {
		case 100:
			st.Cursor = f.At.Add(-5 * time.Minute)
		case 150:
			st.Wide = true
		case 200:
			box.W = 100
		case 250:
			st.Span = 10 * time.Minute
		case 300:
			f = sample.Healthy()
		}
		got := kept.View(f, st, box).String()
		if want := panel.NewSet().Overview.View(f, st, box).String(); got != want {
			t.Fatalf("after %d s:\n%s\nwant\n%s", i, got, want)
		}
		pictures[got] = true
	}
	if len(pictures) < 40 {
		t.Fatalf("%d different pictures: nothing moved", len(pictures))
	}
}

func TestOverview_TheHeadOfTheLogPatternsNeverStandsAlone(t *testing.T) {
	shown := 0
	for name, f := range map[string]*frame.Frame{"incident": sample.Incident(), "healthy": sample.Healthy(), "stale": sample.All()["stale"]} {
		for _, w := range []int{60, 80, 100, 120} {
			for h := 10; h <= 36; h++ {
				text := panel.NewSet().Overview.View(f, state(), part.Box{W: w, H: h}).String()
				_, after, ok := strings.Cut(text, "5 LOG PATTERNS, errors first")
				if !ok {
					continue
				}
				shown++
				_, after, _ = strings.Cut(after, "\n")
				row, _, _ := strings.Cut(after, "\n")
				if !slices.ContainsFunc(f.Logs.Patterns, func(p frame.Pattern) bool { return strings.Contains(row, p.Text.String()[:8]) }) {
					t.Fatalf("%s %dx%d: no pattern under the head\n%s", name, w, h, text)
				}
			}
		}
	}
	if shown < 100 {
		t.Errorf("the patterns were seen %d times", shown)
	}
}

// BenchmarkOverview_OfASecond draws what each second of an idle console draws.
func BenchmarkOverview_OfASecond(b *testing.B) {
	f, o := sample.Incident(), panel.NewSet().Overview
	st := part.State{Now: f.At, Span: part.DefaultSpan}
	for b.Loop() {
		st.Now = st.Now.Add(time.Second)
		o.View(f, st, part.Box{W: 120, H: 36})
	}
}

func TestOverview_AdvisesNothingBeforeAnythingHasAnswered(t *testing.T) {
	f := sample.Unborn()
	f.Rows = sample.Incident().Rows
	f.Verdict.Call, f.Verdict.Do = analysis.NoData, "fix the config: rampart doctor shows what each query found"
	for _, w := range []int{60, 80, 120} {
		got := panel.NewSet().Overview.View(f, part.State{Now: f.At, Span: part.DefaultSpan}, part.Box{W: w, H: 24}).String()
		if strings.Contains(got, "selector") {
			t.Errorf("%d columns:\n%s", w, got)
		}
	}
}

func TestServices_LongNamesOfOneFamilyCanBeToldApart(t *testing.T) {
	f := sample.Incident()
	f.Services = nil
	for _, city := range []string{"berlin", "london"} {
		f.Services = append(f.Services, frame.Summary{Service: "recommendations-personalised-homepage-carousel-" + city, Call: analysis.Worse, Sentence: "errors ×4"})
	}
	got := panel.NewSet().Services.View(f, part.State{Now: f.At}, part.Box{W: 100, H: 20}).String()
	for _, want := range []string{"recommendations…arousel-berlin", "recommendations…arousel-london", "recommendations-personalised-homepage-carousel-berlin  errors ×4"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	f.Service = f.Services[0].Service
	if got := panel.Header(f, part.State{Now: f.At}, 100).String(); !strings.Contains(got, "berlin") {
		t.Errorf("the header does not say which:\n%s", got)
	}
}

func TestServices_OneThatWasNotOpenedHasNoCall(t *testing.T) {
	f := sample.Incident()
	f.Services = []frame.Summary{{Service: "ranker", Call: analysis.Worse, Sentence: "errors"}, {Service: "ads", Sentence: "not opened: :service ads"}}
	got := panel.NewSet().Services.View(f, part.State{Now: f.At}, part.Box{W: 100, H: 5}).String()
	if strings.Contains(got, "UNKNOWN") || !strings.Contains(got, "WORSE") {
		t.Errorf("it says\n%s", got)
	}
}

func TestOverview_TheEvidenceNeededIsNeverCutOnAWideScreen(t *testing.T) {
	f := sample.Incident()
	for log := -8.0; log < 25; log += .5 {
		for i := range f.Verdict.Measures {
			f.Verdict.Measures[i].LogHarm = log
		}
		text := panel.NewSet().Overview.View(f, state(), part.Box{W: 200, H: 60}).String()
		row := regexp.MustCompile(`(?m)errors, app .*$`).FindString(text)
		if !regexp.MustCompile(`× of \d+× .*× of \d+×`).MatchString(row) {
			t.Errorf("log E %.1f: %s", log, row)
		}
	}
}
