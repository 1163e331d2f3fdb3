package engine

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

// drawCounts are an arm's counts of any block: not scraped, without cells, or with any numbers of requests.
func drawCounts(t *rapid.T, cells int) *sources.Counts {
	if rapid.IntRange(0, 5).Draw(t, "unscraped") == 0 {
		return nil
	}
	number := rapid.OneOf(rapid.Int64Range(0, 300), rapid.Int64Min(0))
	c := &sources.Counts{Requests: number.Draw(t, "requests"), Errors: number.Draw(t, "errors")}
	if cells > 0 {
		c.Cells = rapid.SliceOfN(number, cells, cells).Draw(t, "cells")
	}
	return c
}

// drawScrape is what a scrape counted of an arm; one whose cells are lost has none.
func drawScrape(t *rapid.T, cells int) scrape {
	s := scrape{Counts: drawCounts(t, cells)}
	if s.Counts != nil && rapid.Bool().Draw(t, "lost") {
		s.Cells, s.lost = nil, true
	}
	return s
}

func TestPacked_GivesBackWhatWasPutInAlsoOfTheNewestAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p packed
		var want []sources.ByArm[scrape]
		begin := time.Unix(1_800_000_000, 0).UTC()
		for i := range rapid.IntRange(1, 20).Draw(t, "blocks") {
			cells := rapid.SampledFrom([]int{0, 1, 2, 13, 200}).Draw(t, "edges")
			c := sources.ByArm[scrape]{Legacy: drawScrape(t, cells), Candidate: drawScrape(t, cells)}
			want = append(want, c)
			p.push(begin.Add(time.Duration(i)*time.Second), c)
		}
		cut := rapid.IntRange(1, len(want)).Draw(t, "newest")
		few := p.newest(cut, 3)
		few.push(begin.Add(time.Hour), sources.ByArm[scrape]{})
		for i, w := range want {
			for _, a := range sources.Arms() {
				if got := p.of(i, a); !reflect.DeepEqual(got, w.Of(a)) {
					t.Fatalf("block %d %s: %+v, want %+v", i, a, got, w.Of(a))
				}
				if k := i - len(want) + cut; k >= 0 && !reflect.DeepEqual(few.of(k, a), w.Of(a)) {
					t.Fatalf("block %d %s of the newest %d: %+v, want %+v", k, a, cut, few.of(k, a), w.Of(a))
				}
			}
			if !p.end(i).Equal(begin.Add(time.Duration(i) * time.Second)) {
				t.Fatalf("block %d ended %v", i, p.end(i))
			}
		}
		if few.len() != cut+1 || !few.last().Equal(begin.Add(time.Hour)) || few.of(cut, sources.Candidate).Counts != nil {
			t.Fatalf("%d blocks until %v", few.len(), few.last())
		}
	})
}

// TestPacked_ACopyDoesNotSeeWhatComesLater is what charts that are drawn later rest on.
func TestPacked_ACopyDoesNotSeeWhatComesLater(t *testing.T) {
	h := &history{step: step}
	begin := time.Unix(1_800_000_000, 0).UTC()
	push := func(i int) {
		one := sources.ByArm[*sources.Counts]{Legacy: &sources.Counts{Requests: int64(i)}, Candidate: &sources.Counts{Requests: 1}}
		b := sources.Block{End: begin.Add(time.Duration(i) * step), Strata: []sources.Stratum{{Counts: one}}}
		h.push(b, b)
	}
	for i := range 1000 {
		push(i)
	}
	then := *h
	for i := range 3000 {
		push(1000 + i)
	}
	if n := then.blocks.len(); n != 1000 {
		t.Fatalf("%d blocks", n)
	}
	for i := range 1000 {
		if c := then.blocks.of(i, sources.Legacy); c.Requests != int64(i) {
			t.Fatalf("block %d became %d", i, c.Requests)
		}
	}
	if n := h.blocks.len(); n > int(kept/step)+moreKept || h.blocks.of(n-1, sources.Legacy).Requests != 3999 {
		t.Errorf("%d blocks are held", n)
	}
}
