package panel_test

import (
	"testing"
	"time"

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

// BenchmarkOverview_OfASecond draws what each second of an idle console draws.
func BenchmarkOverview_OfASecond(b *testing.B) {
	f, o := sample.Incident(), panel.NewSet().Overview
	st := part.State{Now: f.At, Span: part.DefaultSpan}
	for b.Loop() {
		st.Now = st.Now.Add(time.Second)
		o.View(f, st, part.Box{W: 120, H: 36})
	}
}
