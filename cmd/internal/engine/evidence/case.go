package evidence

import (
	"math"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/judge"
	"rampart/analysis/score"
	"rampart/sources"
)

// Config is what a rollout is judged by, fully checked.
type Config struct {
	Step     time.Duration // the length of a block
	Alpha    float64
	Measures []analysis.Measure // judged block by block; those that guard make evidence
	Guards   []analysis.Guard
}

// Case turns a rollout's blocks into what the judge of dossiers says of them, with the very code that re-judges
// them offline.
type Case struct {
	cfg    Config
	header dossier.Header
	slot   map[string]int // measure name to its place in the header
	edge   map[string][]float64
	judge  *score.Judge
	block  *dossier.Block
	first  time.Time // the end of the first block judged
	last   time.Time
	blocks int
	totals map[string]*sources.ByArm[*sources.Counts]
	worse  time.Time    // the end of the first block called worse
	called judge.Called // what that rested on
	safe   time.Time    // the end of the newest block called safe
	record func(dossier.Header, *dossier.Block)
	mix    *score.Mix
	resets resets
	// lost are the blocks at hand whose cells cannot be cut to the rollout's edges, by measure and end; unlike counts them.
	lost   map[string]map[int64]sources.ByArm[bool]
	unlike int
	share  sources.Share // the candidate's in the newest block, if known
	err    error         // why nothing is judged
	steps  steps
	before map[string]weights // of each measure before the block at hand
	trails map[string]*trail  // of each measure, that the next block may follow
	until  time.Time          // the newest block asked for so far
	// explained makes the explanation of the newest block; nil: nobody has asked for it.
	explained func() analysis.Explanation
}

// New begins a rollout without blocks. record is told each block that was judged; nil is allowed.
func New(cfg Config, record func(dossier.Header, *dossier.Block)) *Case {
	return &Case{
		cfg: cfg, record: record, slot: map[string]int{}, edge: map[string][]float64{}, totals: map[string]*sources.ByArm[*sources.Counts]{}, mix: score.NewMix(),
		before: map[string]weights{}, lost: map[string]map[int64]sources.ByArm[bool]{}, trails: map[string]*trail{},
	}
}

// Edges notes a histogram's edges; the header is made of the first that are seen.
func (ev *Case) Edges(s sources.BlockSeries) {
	if _, known := ev.edge[s.Measure]; !known && len(s.Edges) > 0 {
		ev.edge[s.Measure] = slices.Clone(s.Edges)
	}
}

// guarded are the measures that make evidence.
func (ev *Case) guarded() []analysis.Measure {
	var out []analysis.Measure
	for _, m := range ev.cfg.Measures {
		if m.Judge == analysis.GuardIt {
			out = append(out, m)
		}
	}
	return out
}

// open makes the header and the judge, once every guarded histogram has shown its edges.
func (ev *Case) open(id string) bool {
	if ev.judge != nil {
		return true
	}
	guarded := ev.guarded()
	h := dossier.Header{ID: id, Alpha: ev.cfg.Alpha, SafeMargin: dossier.DefaultSafeMargin, Step: ev.cfg.Step}
	for _, m := range guarded {
		dm := dossier.Measure{Name: m.Name, Kind: dossier.Errors, Weight: 1 / float64(len(guarded)), SafeMargin: dossier.DefaultSafeMargin}
		switch m.Kind {
		case analysis.Share:
			dm.Kind, dm.Edges = dossier.Latency, []float64{m.Edge}
		case analysis.Latency:
			if ev.edge[m.Name] == nil {
				return false
			}
			dm.Kind, dm.Edges = dossier.Latency, ev.edge[m.Name]
		case analysis.KindUnknown, analysis.Errors, analysis.RouterErrors, analysis.Distribution, analysis.Distributions, analysis.Gauges, analysis.Threshold, analysis.Labels, analysis.Sensitive:
		}
		for _, g := range ev.cfg.Guards {
			if g.Measure == m.Name && g.Relative() {
				dm.HarmMargin, dm.SafeMargin = marginOf(g.MaxRatio), g.SafeMargin
			}
		}
		ev.slot[m.Name] = len(h.Measures)
		h.Measures = append(h.Measures, dm)
	}
	if len(h.Measures) == 0 {
		return false
	}
	j, err := score.New(h, score.Options{Audit: true})
	if err != nil {
		ev.err = err
		return false
	}
	ev.header, ev.judge, ev.block = h, j, h.NewBlock()
	return true
}

// marginOf is the margin of a guard's ratio, to the decimals in which it was written: 0.1 of 1.1, not 0.10000000000000009.
// A dossier is read and compared by people.
func marginOf(ratio float64) float64 { return math.Round((ratio-1)*1e12) / 1e12 }

// Add judges one block. Blocks before the candidate's first request are passed over: there is nothing to compare.
func (ev *Case) Add(id string, end time.Time, got map[string]sources.Block, share sources.Share, known bool) {
	if ev.first.IsZero() && !candidateIn(got) || !ev.open(id) {
		return
	}
	b := ev.fill(end, got, share, known)
	if ev.err = ev.judge.Add(b); ev.err != nil {
		return
	}
	ev.share = 0
	if known {
		ev.share = share
	}
	ev.step(b)
	ev.sum(got)
	ev.routes(got)
	if ev.record != nil {
		ev.record(ev.header, b)
	}
	if ev.first.IsZero() {
		ev.first = end
	}
	ev.last, ev.blocks = end, ev.blocks+1
	if ev.worse.IsZero() && ev.judge.Worse() {
		ev.worse, ev.called = end, ev.calledNow()
	}
	if ev.judge.Call() == analysis.Safe {
		ev.safe = end
	}
}

// fill puts what was read into the block that the judge takes, in room that is used again.
func (ev *Case) fill(end time.Time, got map[string]sources.Block, share sources.Share, known bool) *dossier.Block {
	b := ev.block
	b.End, b.Share, b.ShareKnown, b.Strata = end, share.Fraction(), known, b.Strata[:0]
	for _, a := range sources.Arms() {
		arm := &b.Legacy
		if a == sources.Candidate {
			arm = &b.Candidate
		}
		arm.Scraped = false
		for _, m := range ev.guarded() {
			c := &arm.Counts[ev.slot[m.Name]]
			c.Known = ev.counts(c, m, summed(got[m.Name].Strata, a))
			arm.Scraped = arm.Scraped || c.Known
		}
	}
	ev.split(b, got)
	return b
}

// sum adds a block to the rollout's totals of every measure, guarded or not.
func (ev *Case) sum(got map[string]sources.Block) {
	for name, blk := range got {
		t := ev.totals[name]
		if t == nil {
			t = &sources.ByArm[*sources.Counts]{}
			ev.totals[name] = t
		}
		for _, a := range sources.Arms() {
			c := blk.Sum(a)
			if c == nil {
				continue
			}
			if *t.Ptr(a) == nil {
				*t.Ptr(a) = &sources.Counts{}
			}
			t.Of(a).Add(*c)
		}
	}
}

// Total is an arm's counts of a measure since the rollout began; nil when there are none.
func (ev *Case) Total(measure string, a sources.Arm) *sources.Counts {
	if t := ev.totals[measure]; t != nil {
		return t.Of(a)
	}
	return nil
}

// candidateIn tells whether the candidate had a request in any measure of a block.
func candidateIn(got map[string]sources.Block) bool {
	for _, b := range got {
		if c := b.Sum(sources.Candidate); c != nil && c.Requests > 0 {
			return true
		}
	}
	return false
}

// Asked says up to which instant blocks were asked for: only the newest of them are explained in full.
func (ev *Case) Asked(until time.Time) { ev.until = until }

// Lost notes of which blocks of a measure, by the Unix nanoseconds of their ends, an arm was scraped and has other buckets
// than the rollout began with. They are not judged, and shown as what they are.
func (ev *Case) Lost(measure string, ends map[int64]sources.ByArm[bool]) { ev.lost[measure] = ends }

// EdgesOf are the edges with which the rollout began for a histogram; nil: none were seen yet.
func (ev *Case) EdgesOf(measure string) []float64 { return ev.edge[measure] }

// Restarted takes the notes of one measure's answer for a window that ends at end.
func (ev *Case) Restarted(notes []sources.Note, end time.Time) { ev.resets.see(notes, end) }

// First is the end of the first block judged; zero: none.
func (ev *Case) First() time.Time { return ev.first }

// Last is the end of the newest block judged; zero: none.
func (ev *Case) Last() time.Time { return ev.last }

// Blocks is how many were judged.
func (ev *Case) Blocks() int { return ev.blocks }
