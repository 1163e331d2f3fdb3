package logdiff

import (
	"maps"
	"slices"
	"time"

	"rampart/analysis/logtmpl"
	"rampart/analysis/seq"
	"rampart/sources"
)

// Diff compares the log templates of both arms. Create it with [New].
type Diff struct {
	cfg            Config
	start, restart seq.Bets
	grid           seq.Bets // of the intervals
	nodes          *seq.Nodes
	byID           map[logtmpl.ID]*template
	open           map[int64]*openBlock
	requests       []requests // of the newest closed blocks, oldest first
	met            int64      // templates met so far
	begun          bool
	first, closed  int64                    // block numbers: the first one closed and the newest
	known          map[logtmpl.ID]time.Time // templates that were forgotten, and when legacy first wrote them
	basis          Basis
}

// openBlock is a block whose requests are not known yet.
type openBlock struct {
	lines map[logtmpl.ID]*sources.ByArm[tally]
}

// requests are those of one closed block. Only judged ones make evidence.
type requests struct {
	block  int64
	n      sources.ByArm[int64]
	judged bool
}

// Basis is what a diff rests on.
type Basis struct {
	Window    sources.Window // from the first closed block to the newest
	Blocks    int            // that make evidence
	Passed    int            // that do not: an arm without requests or not scraped, or a jump of the split
	Requests  sources.ByArm[int64]
	Templates int
	Late      int64 // lines that came after their block was closed
	Early     int64 // lines of a time that is too far ahead
	Evicted   int64 // templates forgotten because too many were held
}

// New returns an empty diff. The error is of kind sources.ErrInvalid.
func New(cfg Config) (*Diff, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	start, restart, err := bets()
	if err != nil {
		return nil, err
	}
	return &Diff{
		cfg: cfg.withDefaults(), start: start, restart: restart, grid: seq.Grid(), nodes: seq.NewNodes(),
		byID: map[logtmpl.ID]*template{}, known: map[logtmpl.ID]time.Time{}, open: map[int64]*openBlock{},
	}, nil
}

// number is which block a time lies in. A block's beginning belongs to it, its end does not.
func (d *Diff) number(t time.Time) int64 {
	return sources.Align(t, d.cfg.Step).UnixNano() / int64(d.cfg.Step)
}

func (d *Diff) end(block int64) time.Time {
	return time.Unix(0, (block+1)*int64(d.cfg.Step)).UTC()
}

// Count takes a line of a template. It tells whether the line's block was still open; if not, or if its time is more
// than two hours of blocks ahead of the oldest open one, the line is only counted in [Basis].
func (d *Diff) Count(id logtmpl.ID, arm sources.Arm, at time.Time) bool {
	if arm != sources.Legacy && arm != sources.Candidate {
		return false
	}
	n := d.number(at)
	if d.begun && n <= d.closed {
		d.basis.Late++
		return false
	}
	b := d.open[n]
	if b == nil {
		if len(d.open) >= mostOpen {
			d.basis.Early++
			return false
		}
		b = &openBlock{lines: map[logtmpl.ID]*sources.ByArm[tally]{}}
		d.open[n] = b
	}
	c := b.lines[id]
	if c == nil {
		if len(b.lines) >= 2*d.cfg.Templates {
			d.basis.Evicted++
			return false
		}
		c = &sources.ByArm[tally]{}
		b.lines[id] = c
	}
	t := c.Ptr(arm)
	t.take(at, d.slot(at))
	return true
}

// slots is how many parts a block has in which lines are told apart: seconds, at most 60.
func (d *Diff) slots() int {
	return max(1, min(60, int(d.cfg.Step/time.Second)))
}

func (d *Diff) slot(at time.Time) int {
	in := at.Sub(sources.Align(at, d.cfg.Step))
	return min(d.slots()-1, int(int64(in)*int64(d.slots())/int64(d.cfg.Step)))
}

// Closed is the end of the newest closed block; zero before the first.
func (d *Diff) Closed() time.Time {
	if !d.begun {
		return time.Time{}
	}
	return d.end(d.closed)
}

// Close closes the block that ends at end, and all before it, which are then lost. The requests of an arm that was not
// scraped are nil: such a block makes no evidence. A block that was closed before is passed over.
func (d *Diff) Close(end time.Time, n sources.ByArm[*int64], resolve func(logtmpl.ID) logtmpl.ID) {
	block := d.number(end.Add(-1))
	if d.begun && block <= d.closed {
		return
	}
	lost := d.drop(block)
	if !d.begun {
		d.begun, d.first, lost = true, block, 0
		d.basis.Window.From = d.end(block - 1)
	}
	d.closed = block
	d.basis.Window.To = d.end(block)
	b := d.open[block]
	delete(d.open, block)
	if n.Legacy == nil || n.Candidate == nil {
		d.basis.Passed++
		d.basis.Late += lost + b.count()
		return
	}
	d.basis.Late += lost
	d.settle(resolve)
	d.judge(block, requests{block: block, n: sources.ByArm[int64]{Legacy: *n.Legacy, Candidate: *n.Candidate}}, b.under(resolve))
}

// drop forgets open blocks before one and tells how many lines they held.
func (d *Diff) drop(before int64) (lines int64) {
	for n, b := range d.open {
		if n < before {
			lines += b.count()
			delete(d.open, n)
		}
	}
	return lines
}

func (b *openBlock) count() (n int64) {
	if b == nil {
		return 0
	}
	for _, c := range b.lines {
		n += c.Legacy.lines + c.Candidate.lines
	}
	return n
}

// under are a block's lines by the ids that their templates have now.
func (b *openBlock) under(resolve func(logtmpl.ID) logtmpl.ID) map[logtmpl.ID]sources.ByArm[tally] {
	out := map[logtmpl.ID]sources.ByArm[tally]{}
	if b == nil {
		return out
	}
	for id, c := range b.lines {
		if resolve != nil {
			id = resolve(id)
		}
		sum := out[id]
		for _, a := range sources.Arms() {
			sum.Ptr(a).plus(c.Of(a))
		}
		out[id] = sum
	}
	return out
}

// judge takes a block's lines and requests in.
func (d *Diff) judge(block int64, r requests, lines map[logtmpl.ID]sources.ByArm[tally]) {
	r.judged = r.n.Legacy > 0 && r.n.Candidate > 0 && !d.jumped(r.n)
	d.requests = append(d.requests, r)
	d.requests = slices.Delete(d.requests, 0, max(0, len(d.requests)-d.cfg.History))
	if r.judged {
		d.basis.Blocks++
		d.nodes.Load(float64(r.n.Legacy), float64(r.n.Candidate))
	} else {
		d.basis.Passed++
	}
	d.basis.Requests.Legacy += r.n.Legacy
	d.basis.Requests.Candidate += r.n.Candidate
	for _, id := range slices.Sorted(maps.Keys(lines)) {
		if d.byID[id] == nil {
			d.meet(id)
		}
	}
	for id, t := range d.byID {
		d.add(t, r, lines[id])
	}
	d.evict()
}

// meet begins with a template: its part of the wealth depends on how many were met before.
func (d *Diff) meet(id logtmpl.ID) {
	t := &template{
		id: id, weight: weightOf(d.met), interval: seq.NewInterval(d.nodes, d.grid),
		harm: seq.NewErrors(seq.ErrorsConfig{Start: d.start, Restart: d.restart}),
	}
	t.first.Legacy = d.known[id]
	delete(d.known, id)
	d.byID[id] = t
	d.met++
}

// add takes one closed block of a template in.
func (d *Diff) add(t *template, r requests, lines sources.ByArm[tally]) {
	for _, a := range sources.Arms() {
		if n := lines.Of(a).lines; n > 0 {
			*t.lines.Ptr(a) += n
			t.note(a, lines.Of(a).first)
			t.note(a, lines.Of(a).last)
		}
	}
	t.keep(cell{r.block, uint32(lines.Legacy.lines), uint32(lines.Candidate.lines)}, r.block-int64(d.cfg.History)+1)
	if !r.judged {
		return
	}
	b := seq.Block{
		LegacyN: float64(r.n.Legacy), CandidateN: float64(r.n.Candidate),
		LegacyX: float64(lines.Legacy.lines), CandidateX: lines.Candidate.independent(d.slots()),
	}
	t.harm.Add(b, time.Duration(r.block-d.first)*d.cfg.Step)
	b.CandidateX = float64(lines.Candidate.lines)
	d.describe(t, b)
}

// describe takes a block into the ratio and its interval, which count every line.
func (d *Diff) describe(t *template, b seq.Block) {
	if b.Events() > 0 {
		t.ratio.Add(b)
		t.interval.Add(b)
	}
}
