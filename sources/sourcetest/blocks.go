package sourcetest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rampart/sources"
)

func (w MetricsWorld) asked() []sources.BlockQuery {
	var out []sources.BlockQuery
	for _, q := range []sources.BlockQuery{w.Errors, w.Slow} {
		if q.Counter != "" || q.Histogram != "" {
			out = append(out, q)
		}
	}
	return out
}

// read asks for all measures of the world.
func (w MetricsWorld) read(t *testing.T, at sources.Window) []sources.BlockSeries {
	t.Helper()
	asked := w.asked()
	out := w.Source.Blocks(t.Context(), asked, at)
	if len(out) != len(asked) {
		t.Fatalf("%d answers to %d questions", len(out), len(asked))
	}
	for i, bs := range out {
		if bs.Measure != asked[i].Measure {
			t.Fatalf("answer %d is about %s, asked was %s", i, bs.Measure, asked[i].Measure)
		}
		if bs.Err != nil {
			t.Fatalf("%s: %v", bs.Measure, bs.Err)
		}
	}
	return out
}

func blocksAreAligned(t *testing.T, w MetricsWorld) {
	for _, bs := range w.read(t, w.Window) {
		in := w.Window.Aligned(bs.Step)
		if len(bs.Blocks) != in.Blocks(bs.Step) {
			t.Fatalf("%s: %d blocks, the window has %d", bs.Measure, len(bs.Blocks), in.Blocks(bs.Step))
		}
		for i, b := range bs.Blocks {
			if want := in.From.Add(time.Duration(i+1) * bs.Step); !b.End.Equal(want) {
				t.Fatalf("%s: block %d ends at %v, want %v", bs.Measure, i, b.End, want)
			}
		}
		if bs.Query == "" {
			t.Errorf("%s: no query to show", bs.Measure)
		}
		for _, arm := range sources.Arms() {
			if at := bs.Newest.Of(arm); at.Before(w.Window.From) || at.After(w.Window.To) {
				t.Errorf("%s: newest sample of %s at %v, outside the window", bs.Measure, arm, at)
			}
			if bs.Series.Of(arm) == 0 {
				t.Errorf("%s: %s has no series", bs.Measure, arm)
			}
		}
	}
}

func countsAreWhole(t *testing.T, w MetricsWorld) {
	for _, bs := range w.read(t, w.Window) {
		var total sources.ByArm[int64]
		for _, b := range bs.Blocks {
			for _, st := range b.Strata {
				for _, arm := range sources.Arms() {
					if c := st.Counts.Of(arm); c != nil {
						wholeCounts(t, bs, *c)
						*total.Ptr(arm) += c.Requests
					}
				}
			}
		}
		if total.Legacy == 0 || total.Candidate == 0 {
			t.Errorf("%s: requests %+v, both arms were served", bs.Measure, total)
		}
	}
}

func wholeCounts(t *testing.T, bs sources.BlockSeries, c sources.Counts) {
	t.Helper()
	if c.Requests < 0 || c.Errors < 0 || c.Errors > c.Requests {
		t.Fatalf("%s: %+v", bs.Measure, c)
	}
	if len(bs.Edges) == 0 {
		return
	}
	var sum int64
	for _, n := range c.Cells {
		if sum += n; n < 0 {
			t.Fatalf("%s: a negative cell in %v", bs.Measure, c.Cells)
		}
	}
	if len(c.Cells) != len(bs.Edges)+1 || sum != c.Requests {
		t.Fatalf("%s: cells %v of %d edges hold %d of %d requests", bs.Measure, c.Cells, len(bs.Edges), sum, c.Requests)
	}
}

func windowsAgree(t *testing.T, w MetricsWorld) {
	whole := w.read(t, w.Window)
	for i, bs := range whole {
		for _, cut := range []int{1, len(bs.Blocks) / 2, len(bs.Blocks) - 1} {
			middle := w.Window.Aligned(bs.Step).From.Add(time.Duration(cut)*bs.Step + bs.Step/3)
			first := w.Source.Blocks(t.Context(), w.asked()[i:i+1], sources.Window{From: w.Window.From, To: middle})[0]
			second := w.Source.Blocks(t.Context(), w.asked()[i:i+1], sources.Window{From: middle, To: w.Window.To})[0]
			if first.Err != nil || second.Err != nil {
				t.Fatalf("%s: %v, %v", bs.Measure, first.Err, second.Err)
			}
			if got, want := spell(append(first.Blocks, second.Blocks...)), spell(bs.Blocks); !slices.Equal(got, want) {
				t.Errorf("%s cut after block %d:\n got %v\nwant %v", bs.Measure, cut, got, want)
			}
		}
	}
}

// spell writes blocks so that they can be compared.
func spell(bs []sources.Block) []string {
	out := make([]string, len(bs))
	for i, b := range bs {
		out[i] = b.End.UTC().Format(time.TimeOnly)
		for _, st := range b.Strata {
			for _, arm := range sources.Arms() {
				if c := st.Counts.Of(arm); c != nil {
					out[i] += fmt.Sprintf(" %s%s=%d/%d%v", arm, st.Key, c.Requests, c.Errors, c.Cells)
				}
			}
		}
	}
	return out
}
