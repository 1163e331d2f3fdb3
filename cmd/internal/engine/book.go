package engine

import (
	"errors"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/evidence"
	"rampart/cmd/internal/engine/logbook"
	"rampart/cmd/internal/engine/past"
	"rampart/sources"
)

// book is what is known of one service: its rollout, its blocks and the evidence of them.
type book struct {
	svc       Service
	rollout   analysis.Rollout
	found     bool
	last      time.Time // the end of the newest block in the book
	goal      time.Time // the end of the newest that is being read towards
	hist      map[string]*history
	ev        *evidence.Case
	drift     []frame.Feature
	driftAt   time.Time
	driftOf   string    // the rollout that drift speaks of
	driftNext time.Time // from when on it is read again
	free      map[string]threshold
	charts    func() []frame.Chart // draws them as of the newest block; nil before the first
	strips    map[string][]analysis.Mark
	breach    map[string]time.Time
	verdict   *analysis.Verdict
	record    func(dossier.Header, *dossier.Block)
	started   sources.ByArm[time.Time] // when each arm's first process started, if known
	lines     []logbook.SensitiveBlock // counted and not yet judged, oldest first
	said      []analysis.Finding       // of the blocks and failures in the book; nil: to be found anew
}

// threshold is the newest answer to a free expression.
type threshold struct {
	sample sources.Sample
	err    error
}

func newBook(svc Service, record func(dossier.Header, *dossier.Block)) *book {
	b := &book{svc: svc, record: record, hist: map[string]*history{}, free: map[string]threshold{}, strips: map[string][]analysis.Mark{}, breach: map[string]time.Time{}}
	for _, m := range svc.Measures {
		b.hist[m.Name] = &history{step: svc.Step}
	}
	b.ev = evidence.New(svc.evidence(), record)
	b.rollout.Service = svc.Name
	return b
}

// begin opens a rollout: evidence starts anew, and the blocks since its beginning are asked for again.
func (b *book) begin(r analysis.Rollout, found bool) {
	b.rollout, b.found, b.lines, b.said = r, found, nil, nil
	b.ev = evidence.New(b.svc.evidence(), b.record)
	b.strips, b.breach = map[string][]analysis.Mark{}, map[string]time.Time{}
	if since := sources.Align(r.Since, b.svc.Step); !b.last.IsZero() && since.Before(b.last) {
		b.last = since
	}
}

// failed keeps a measure's failure beside its old blocks.
func (b *book) failed(a sources.BlockSeries) {
	if h := b.hist[a.Measure]; h != nil && a.Err != nil {
		h.err, b.said = a.Err, nil
		if a.Query != "" {
			h.query = a.Query
		}
	}
}

// byEnd are the blocks of all measures, by when they ended.
type byEnd map[time.Time]map[string]sources.Block

func (m byEnd) put(measure string, b sources.Block) {
	if m[b.End] == nil {
		m[b.End] = map[string]sources.Block{}
	}
	m[b.End][measure] = b
}

// add takes the answers for one window and judges their blocks in order.
func (b *book) add(answers []sources.BlockSeries, w sources.Window, t *traffic) {
	b.said = nil
	blocks := byEnd{}
	for _, a := range answers {
		if a.Err != nil {
			b.failed(a)
		} else {
			b.take(a, w.To, blocks)
		}
	}
	b.addRouter(w, t, blocks)
	b.addSensitive(w.To, blocks)
	b.judge(w, t, blocks)
	results, _ := b.guards(b.last)
	b.strip(results)
	b.charts = b.drawCharts()
}

// take keeps an answer for charts, and adds its blocks to those that are judged.
func (b *book) take(a sources.BlockSeries, end time.Time, blocks byEnd) {
	b.ev.Edges(a)
	read := a.Blocks
	if first := b.ev.EdgesOf(a.Measure); len(first) > 0 { // a rollout stays with the edges that it began with
		a.Blocks, a.Edges = past.Recut(a.Blocks, a.Edges, first), first
	}
	b.hist[a.Measure].add(a, read)
	b.ev.Lost(a.Measure, past.Lost(read, a.Blocks))
	b.ev.Restarted(a.Notes, end)
	for _, blk := range a.Blocks {
		blocks.put(a.Measure, blk)
	}
}

// judge makes evidence of a window's blocks, of those that lie within the rollout.
func (b *book) judge(w sources.Window, t *traffic, blocks byEnd) {
	if b.goal.After(w.To) {
		b.ev.Asked(b.goal)
	} else {
		b.ev.Asked(w.To)
	}
	for end := w.From.Add(b.svc.Step); !end.After(w.To); end = end.Add(b.svc.Step) {
		if b.inRollout(end) {
			share, known := t.shareIn(end.Add(-b.svc.Step), end)
			b.ev.Add(b.rollout.ID, end, blocks[end], share, known)
		}
		b.last = end
	}
	if b.rollout.Since.IsZero() && !b.ev.First().IsZero() {
		b.rollout.Since = b.ev.First().Add(-b.svc.Step)
	}
}

// addRouter puts the router's own blocks of the window beside the others.
func (b *book) addRouter(w sources.Window, t *traffic, blocks byEnd) {
	for _, m := range b.svc.Measures {
		if !m.Router {
			continue
		}
		s := sources.BlockSeries{Measure: m.Name, Step: b.svc.Step, Query: "the router's own counters since " + t.base.Epoch}
		for i := range t.router.len() {
			if end := t.router.end(i); end.After(w.From) && !end.After(w.To) {
				blk := t.router.block(i)
				s.Blocks = append(s.Blocks, blk)
				blocks.put(m.Name, blk)
				s.Newest = sources.ByArm[time.Time]{Legacy: blk.End, Candidate: blk.End}
			}
		}
		b.hist[m.Name].add(s, s.Blocks)
		if why := t.base.Unjudged(); why != "" && !t.base.At.IsZero() {
			b.hist[m.Name].err = errors.New(why)
		}
	}
}

// inRollout tells whether a block belongs to the rollout: it began after the candidate did.
func (b *book) inRollout(end time.Time) bool {
	if b.svc.Identity == nil {
		return true
	}
	return b.found && !end.Add(-b.svc.Step).Before(sources.Align(b.rollout.Since, b.svc.Step))
}
