package pair

import (
	"errors"
	"fmt"
	"time"

	"rampart/analysis/seq"
	"rampart/analysis/seq/bound"
	"rampart/analysis/stat"
	"rampart/sources"
)

// Event is one line about an interleaved list: that results of a team were shown, or that one was clicked.
type Event struct {
	Query string // the query or session
	Team  sources.Arm
	Click bool // else an impression
	At    time.Time
}

// Interleaving counts which team's results were preferred, query by query: the team with more clicks wins (team-draft
// interleaving: Radlinski, Kurup and Joachims 2008). A query is decided once the watermark has passed its window. Make it
// with NewInterleaving.
type Interleaving struct {
	window    time.Duration
	most      int
	open      map[string]*shown
	order     []*shown // by arrival; what was settled stays until it comes to the front
	watermark time.Time
	report    Preference
	evidence  *seq.Split
}

// shown is one query that waits for its clicks.
type shown struct {
	id          string
	first       time.Time
	impressions sources.ByArm[int64]
	clicks      sources.ByArm[int64]
	done        bool
}

// Preference is what an interleaving knows.
type Preference struct {
	Impressions sources.ByArm[int64]
	Clicks      sources.ByArm[int64]
	Wins        sources.ByArm[int64]
	Ties        int64 // clicks for both teams, as many for each
	Unclicked   int64 // queries without a click: they decide nothing
	Unseen      int64 // clicks of queries that nobody was shown
	Late        int64
	Nameless    int64 // without query, team or time
	Evicted     int64 // queries that were settled early to make room
	Waiting     int64
	// Share is the candidate's part of the decided queries; Lo and Hi a 95 % confidence sequence of it, true at every look.
	Share, Lo, Hi float64
	// LogE is the evidence that one team is preferred, whichever, true at every look; P the exact sign test, for one look.
	LogE     float64
	P        float64
	Untested error // why there is no P
}

// Decided are the queries that one team won.
func (p Preference) Decided() int64 { return p.Wins.Legacy + p.Wins.Candidate }

// mostQueries bounds the queries that wait for clicks.
const mostQueries = 1 << 17

// NewInterleaving starts without evidence. A click counts when it came within the window after the query's first line.
func NewInterleaving(window time.Duration) (*Interleaving, error) {
	if window <= 0 || window > 24*time.Hour {
		return nil, fmt.Errorf("interleaving window %v: want more than 0 and at most 24h", window)
	}
	return &Interleaving{window: window, most: mostQueries, open: map[string]*shown{}, evidence: seq.NewSplit()}, nil
}

// Add takes a line.
func (i *Interleaving) Add(e Event) {
	switch {
	case e.Query == "" || e.At.IsZero() || e.Team != sources.Legacy && e.Team != sources.Candidate:
		i.report.Nameless++
		return
	case e.At.Before(i.watermark), !i.watermark.IsZero() && e.At.After(i.watermark.Add(ahead)):
		i.report.Late++
		return
	}
	q := i.open[e.Query]
	if q == nil {
		i.makeRoom()
		q = &shown{id: e.Query, first: e.At}
		i.open[e.Query] = q
		i.order = append(i.order, q)
	}
	if e.At.Before(q.first) {
		q.first = e.At
	}
	if e.Click {
		*q.clicks.Ptr(e.Team)++
		return
	}
	*q.impressions.Ptr(e.Team)++
}

func (i *Interleaving) makeRoom() {
	for len(i.open) >= i.most && len(i.order) > 0 {
		q := i.order[0]
		i.order = i.order[1:]
		if !q.done {
			i.report.Evicted++
			i.settle(q)
		}
	}
}

// Advance says that no line before the watermark is to be expected any more, and decides the queries whose window has
// passed.
func (i *Interleaving) Advance(watermark time.Time) {
	if !watermark.After(i.watermark) {
		return
	}
	i.watermark = watermark
	kept := i.order[:0]
	for _, q := range i.order {
		if !q.done && q.first.Add(i.window).Before(watermark) {
			i.settle(q)
		}
		if !q.done {
			kept = append(kept, q)
		}
	}
	clear(i.order[len(kept):])
	i.order = kept
}

// settle decides a query. What was clicked without having been shown decides nothing.
func (i *Interleaving) settle(q *shown) {
	q.done = true
	delete(i.open, q.id)
	r := &i.report
	clicks := q.clicks.Legacy + q.clicks.Candidate
	if q.impressions.Legacy+q.impressions.Candidate == 0 {
		r.Unseen += clicks
		return
	}
	for _, a := range sources.Arms() {
		*r.Impressions.Ptr(a) += q.impressions.Of(a)
		*r.Clicks.Ptr(a) += q.clicks.Of(a)
	}
	switch {
	case clicks == 0:
		r.Unclicked++
	case q.clicks.Candidate > q.clicks.Legacy:
		r.Wins.Candidate++
		i.evidence.Add(.5, 0, 1)
	case q.clicks.Candidate < q.clicks.Legacy:
		r.Wins.Legacy++
		i.evidence.Add(.5, 1, 0)
	default:
		r.Ties++
	}
}

// Report reads what is known now.
func (i *Interleaving) Report() Preference {
	r := i.report
	r.Waiting, r.LogE = int64(len(i.open)), i.evidence.LogE()
	n := r.Decided()
	if n == 0 {
		r.Untested = errors.New("no query is decided")
		return r
	}
	const tune = 100 // decided queries at which the interval is the tightest
	r.Share = float64(r.Wins.Candidate) / float64(n)
	r.Lo, r.Hi = bound.Proportion(float64(r.Wins.Candidate), float64(n), tune, .05)
	var s stat.SignResult
	if s, r.Untested = stat.Sign(r.Wins.Candidate, r.Wins.Legacy); r.Untested == nil {
		r.P = s.P
	}
	return r
}
