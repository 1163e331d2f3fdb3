package elastic

import "testing"

func TestPass_APageWithoutAllShardsIsNoTryOfItsSpan(t *testing.T) {
	p := &span{from: 0, to: 1000, next: 1000, every: 1, want: tally{whole: 10}}
	tl := &tail{}
	b := batch{spans: []*span{p}}
	for reading := range 2 * mostTries {
		p.begin()
		tl.pass(b, 500, false) // a shard is silent, and the page is full
		tl.pass(b, forever, true)
		if tl.missing > 0 || !p.pending() {
			t.Fatalf("after reading %d: %d lines are given up, to be read again: %t", reading+1, tl.missing, p.pending())
		}
	}
	for range mostTries {
		p.begin()
		tl.pass(b, 500, true)
		tl.pass(b, forever, true)
	}
	if tl.missing != 10 || p.pending() {
		t.Errorf("%d lines are given up where whole readings did not bring them, to be read again: %t", tl.missing, p.pending())
	}
}
