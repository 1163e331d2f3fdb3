package panel_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel"
	"rampart/ui/panel/logview"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestOverview_AnswersFirstAtEverySize(t *testing.T) {
	for _, box := range sizes {
		for _, s := range []string{"incident", "healthy", "stale", "no_data", "no_candidate_traffic", "unborn", "hostile", "alarm"} {
			t.Run(s+"_"+at(box), func(t *testing.T) {
				golden(t, "overview_"+s+"_"+at(box), screen(sample.All()[s], panel.NewSet().Overview, box))
			})
		}
	}
}

func TestPanels_ShowTheIncidentAtEverySize(t *testing.T) {
	for _, box := range sizes {
		set := panel.NewSet()
		logs(t, set.Logs, 80)
		set.Help.Rows = []part.KeyRow{{Where: "everywhere", Keys: "?", Does: "help"}, {Where: "actions", Keys: "R", Does: "roll back"}}
		for _, p := range append(set.Numbered(), set.Help, set.Query, set.Services) {
			t.Run(p.Name()+"_"+at(box), func(t *testing.T) {
				golden(t, p.Name()+"_"+at(box), screen(sample.Incident(), p, box))
			})
		}
	}
}

func TestEvidence_ExplainsTheBlockUnderTheCursor(t *testing.T) {
	f := sample.Incident()
	for _, c := range []struct {
		name   string
		cursor time.Time
		says   []string
	}{
		{"the end of a block is its own", sample.Now().Truncate(time.Hour).Add(-6 * time.Minute), []string{"BLOCK 40, 13:53:45 to 13:54:00", "under the cursor"}},
		{"a second later is the next", sample.Now().Truncate(time.Hour).Add(-6*time.Minute + time.Second), []string{"BLOCK 41, 13:54:00 to 13:54:15", "1 of 15", "/rank 1 of 9"}},
		{"a block that was missed", sample.Now().Truncate(time.Hour).Add(-8*time.Minute - 30*time.Second), []string{"BLOCK 30", "not scraped, was no number", "no counts", "the evidence stands still"}},
		{"before the first", sample.Now().Add(-time.Hour), []string{"BLOCK 1, ", "the first that is held"}},
		{"after the newest", sample.Now().Add(time.Hour), []string{"BLOCK 85, "}},
		{"none", time.Time{}, []string{"BLOCK 85, ", "the newest"}},
	} {
		st := state()
		st.Cursor = c.cursor
		text := panel.NewSet().Evidence.View(f, st, part.Box{W: 120, H: 60}).String()
		for _, want := range c.says {
			if !strings.Contains(text, want) {
				t.Errorf("%s: lacks %q:\n%s", c.name, want, text)
			}
		}
	}
	for _, box := range sizes[1:] {
		st := state()
		st.Cursor = sample.Now().Truncate(time.Hour).Add(-4 * time.Minute)
		e := panel.NewSet().Evidence
		golden(t, "evidence_cursor_"+at(box), panel.Screen(f, st, e, e.Hints(), nil, box))
	}
}

func TestEvidence_SaysThatABlockHadOtherBucketsAndNotThatItWasMissed(t *testing.T) {
	f := sample.Incident()
	newest := &f.Verdict.Explanation.Newest[len(f.Verdict.Explanation.Newest)-1]
	for i := range newest.Parts {
		newest.Parts[i].Counts = sources.ByArm[*analysis.Tally]{}
		newest.Parts[i].Lost = sources.ByArm[bool]{Legacy: true, Candidate: true}
	}
	text := panel.NewSet().Evidence.View(f, state(), part.Box{W: 120, H: 60}).String()
	if !strings.Contains(text, "its histogram had other buckets than the rollout began with") || !strings.Contains(text, "other buckets  ") || strings.Contains(text, "not scraped") {
		t.Error(text)
	}
}

// logs lets a log panel ask and answers it with lines of the incident.
func logs(t *testing.T, l *logview.Logs, n int) {
	t.Helper()
	_, tag, want := l.Ask(sample.Incident(), state())
	if !want {
		t.Fatal("a new log panel asks for lines")
	}
	l.SetPage(tag, sample.Page(n))
}

func TestLogs_ShowAnOpenedLineWithItsFields(t *testing.T) {
	l := panel.NewSet().Logs
	logs(t, l, 20)
	l.View(sample.Incident(), state(), part.Box{W: 100, H: 12})
	l.SetLine(sample.Line())
	golden(t, "logs_opened_80x24", screen(sample.Incident(), l, part.Box{W: 80, H: 24}))
}

func TestPanels_DrawEverySampleInEveryBox(t *testing.T) {
	for name, f := range sample.All() {
		set := panel.NewSet()
		logs(t, set.Logs, 30)
		for _, p := range set.All() {
			for _, w := range []int{0, 1, 7, 30, 60, 97, 150} {
				for _, h := range []int{0, 1, 3, 9, 34} {
					if g := p.View(f, state(), part.Box{W: w, H: h}); g.W != w || g.H != h {
						t.Fatalf("%s of %s in %dx%d drew %dx%d", p.Name(), name, w, h, g.W, g.H)
					}
				}
			}
		}
	}
}

func TestHeader_FollowsARollbackRungByRung(t *testing.T) {
	for _, box := range sizes[:3] {
		var g cell.Grid
		for r := sources.Sent; r <= sources.Observed; r++ {
			g = cell.Stack(g, panel.Header(sample.RollingBack(r), state(), box.W))
		}
		golden(t, "header_rolling_back_"+at(box), cell.Stack(g, panel.Header(sample.Alarm(), state(), box.W)))
	}
}

func TestPanels_LoseNoSignWhereOnlyASCIIIsShown(t *testing.T) {
	for _, f := range []*frame.Frame{sample.Incident(), sample.Healthy(), sample.Stale(), sample.NoData(), sample.Unborn(), sample.RollingBack(sources.Effective)} {
		set := panel.NewSet()
		logs(t, set.Logs, 30)
		for _, p := range set.All() {
			g := screen(f, p, part.Box{W: 120, H: 40})
			for y := range g.H {
				for x := range g.W {
					if c := g.At(x, y); cell.ASCII.Draw(c) == "?" && c.Text != "?" {
						t.Fatalf("%s: %q at %d,%d has no ASCII form", p.Name(), c.Text, x, y)
					}
				}
			}
		}
	}
}

func TestOverview_NothingButTheClockMovesWithTheClockAndAgesOnceInFiveSeconds(t *testing.T) {
	o := panel.NewSet().Overview
	box := part.Box{W: 120, H: 40}
	st := state()
	before := panel.Screen(sample.Incident(), st, o, nil, nil, box)
	aged := 0
	for range 60 {
		st.Now = st.Now.Add(time.Second)
		after := panel.Screen(sample.Incident(), st, o, nil, nil, box)
		stripe, below := moved(before, after)
		if stripe == 0 || stripe > 6 {
			t.Errorf("%s: %d cells of the stripe changed, want those of clock and age", st.Now, stripe)
		}
		if below > 40 {
			t.Errorf("%s: %d cells under the stripe changed, want those of the ages", st.Now, below)
		}
		if below > 0 {
			aged++
		}
		before = after
	}
	if aged == 0 || aged > 2*60/5 {
		t.Errorf("ages changed in %d of 60 seconds, want once in five for each scrape and read", aged)
	}
}

// moved counts the cells that differ, in the first row and under it, but for the charts, whose window goes with time.
func moved(before, after cell.Grid) (stripe, below int) {
	for y := range before.H {
		for x := range before.W {
			switch {
			case before.At(x, y) == after.At(x, y):
			case y == 0:
				stripe++
			case y < 13:
				below++
			}
		}
	}
	return stripe, below
}

func TestPanels_KeepTheSelectedRowOnTheScreen(t *testing.T) {
	f := sample.Incident()
	rapid.Check(t, func(t *rapid.T) {
		set := panel.NewSet()
		panels := []panel.Panel{set.Overview, set.Drift, set.Guards, set.Audit, set.Query, set.Services}
		p := panels[rapid.IntRange(0, len(panels)-1).Draw(t, "panel")]
		box := part.Box{W: 90, H: rapid.IntRange(6, 30).Draw(t, "rows")}
		for range rapid.IntRange(1, 12).Draw(t, "moves") {
			p.Move(part.Move(rapid.IntRange(int(part.Up), int(part.PageDown)).Draw(t, "move")))
			if g := p.View(f, state(), box); !strings.Contains(g.String(), "›") {
				t.Fatalf("%s lost its selected row:\n%s", p.Name(), g)
			}
		}
	})
}

func TestHeader_ShowsNothingThatCouldCommandTheTerminal(t *testing.T) {
	g := screen(sample.Hostile(), panel.NewSet().Overview, part.Box{W: 200, H: 60})
	for _, r := range g.String() {
		if r < ' ' && r != '\n' || r == '\u202e' {
			t.Fatalf("%q is on the screen", r)
		}
	}
}

func TestHeader_ShowsTheLinkWholeOrNotAtAll(t *testing.T) {
	f := sample.Incident()
	for until, want := range map[time.Time]string{{}: "operator · link 180 ms", sample.Now().Add(10 * time.Minute): "operator · unlocked 10:00  "} {
		f.Unlock.Until = until
		if text := screen(f, panel.NewSet().Overview, part.Box{W: 120, H: 40}).String(); !strings.Contains(text, want) || strings.Contains(text, "…  1") {
			t.Errorf("%q is not in\n%.200s", want, text)
		}
	}
}

func TestScreen_TooSmallSaysTheSizeItNeeds(t *testing.T) {
	g := screen(sample.Incident(), panel.NewSet().Overview, part.Box{W: 50, H: 10})
	if text := g.String(); !strings.Contains(text, "needs 60×15, this is 50×10") || !strings.Contains(text, "WORSE") {
		t.Errorf("a small screen says:\n%s", text)
	}
}
