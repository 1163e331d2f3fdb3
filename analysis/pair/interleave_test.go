package pair

import (
	"fmt"
	"math"
	"testing"
	"time"

	"rampart/sources"
)

func interleaving(t testing.TB) *Interleaving {
	t.Helper()
	i, err := NewInterleaving(time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// show tells an interleaving of a query with so many clicks for each team.
func show(i *Interleaving, id string, legacy, candidate int) {
	for _, a := range sources.Arms() {
		i.Add(Event{Query: id, Team: a, At: noon})
	}
	for range legacy {
		i.Add(Event{Query: id, Team: sources.Legacy, Click: true, At: noon.Add(time.Second)})
	}
	for range candidate {
		i.Add(Event{Query: id, Team: sources.Candidate, Click: true, At: noon.Add(2 * time.Second)})
	}
}

func TestInterleaving_TheTeamWithMoreClicksWinsTheQuery(t *testing.T) {
	i := interleaving(t)
	for q := range 10 {
		show(i, fmt.Sprint("c", q), q%3%2, 2)
	}
	show(i, "l", 1, 0)
	show(i, "tie", 2, 2)
	show(i, "none", 0, 0)
	i.Add(Event{Query: "unseen", Team: sources.Legacy, Click: true, At: noon})
	i.Add(Event{Team: sources.Legacy, At: noon})
	i.Advance(noon.Add(30 * time.Second))
	if r := i.Report(); r.Decided() != 0 || r.Waiting != 14 || r.Untested == nil {
		t.Errorf("decided before the window passed: %+v", r)
	}
	i.Add(Event{Query: "c1", Team: sources.Legacy, Click: true, At: noon})
	i.Advance(noon.Add(2 * time.Minute))
	r := i.Report()
	if r.Wins != (sources.ByArm[int64]{Legacy: 1, Candidate: 10}) || r.Ties != 1 || r.Unclicked != 1 || r.Unseen != 1 || r.Nameless != 1 || r.Late != 1 {
		t.Errorf("%+v", r)
	}
	// R: binom.test(10, 11)$p.value
	if math.Abs(r.P-.01171875) > 1e-9 || r.Share < .9 || r.Lo > r.Share || r.Hi < r.Share || r.Lo < .1 || r.LogE < .5 {
		t.Errorf("p %v, share %v (%v to %v), log E %v", r.P, r.Share, r.Lo, r.Hi, r.LogE)
	}
}

func TestInterleaving_ExchangedTeamsMirror(t *testing.T) {
	a, b := interleaving(t), interleaving(t)
	for q := range 50 {
		show(a, fmt.Sprint(q), q%2, q%5)
		show(b, fmt.Sprint(q), q%5, q%2)
	}
	a.Advance(noon.Add(time.Hour))
	b.Advance(noon.Add(time.Hour))
	x, y := a.Report(), b.Report()
	if x.Wins.Legacy != y.Wins.Candidate || x.P != y.P || math.Abs(x.LogE-y.LogE) > 1e-9 || math.Abs(x.Lo-(1-y.Hi)) > 1e-9 {
		t.Errorf("%+v\n%+v", x, y)
	}
}

func TestInterleaving_QueriesThatWaitAreBounded(t *testing.T) {
	i := interleaving(t)
	i.most = 10
	for q := range 1000 {
		show(i, fmt.Sprint(q), 1, 0)
	}
	if r := i.Report(); r.Waiting > 10 || r.Evicted != 990 || len(i.order) > 1000 {
		t.Errorf("%+v, %d in order", r, len(i.order))
	}
	if _, err := NewInterleaving(0); err == nil {
		t.Error("a window of nothing is taken")
	}
}
