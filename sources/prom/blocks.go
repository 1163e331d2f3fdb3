package prom

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"rampart/sources"
)

// Blocks reads the window's blocks of the asked measures; see [sources.Metrics]. All measures are read at once, each
// in pieces of [Config.Chunk] with a deadline of their own.
//
// A scrape reaches the server a moment after the time it carries: ask for windows that ended at least a scrape's
// timeout ago, or the last block may still grow.
func (s *Source) Blocks(ctx context.Context, ask []sources.BlockQuery, w sources.Window) []sources.BlockSeries {
	out := make([]sources.BlockSeries, len(ask))
	grounds := &grounds{source: s, known: map[string]func() (ground, error){}}
	var wg sync.WaitGroup
	for i, q := range ask {
		wg.Go(func() { out[i], _ = s.blocks(ctx, q, w, grounds) })
	}
	wg.Wait()
	return out
}

// blocks reads one measure, and what was doubtful in it.
func (s *Source) blocks(ctx context.Context, q sources.BlockQuery, w sources.Window, g *grounds) (sources.BlockSeries, *tally) {
	out := sources.BlockSeries{Measure: q.Measure, Step: q.Step}
	whole := newTally(w.Aligned(q.Step))
	r, err := newReading(q)
	if err != nil {
		out.Err = &sources.Error{Op: "read", Target: q.Measure, Kind: sources.ErrInvalid, Cause: err}
		return out, whole
	}
	w = w.Aligned(q.Step)
	reach := s.reach(q.Step)
	out.Query = shownQuery(r.selectors(), w.Length()+reach)
	if w.Blocks(q.Step) == 0 {
		return out, whole
	}
	whole.step = q.Step
	parts, err := s.pieces(ctx, r, w, g, whole)
	if err == nil {
		err = whole.missing(r, parts)
	}
	if err == nil {
		out.Blocks, out.Edges, err = join(parts, whole)
	}
	out.Notes = whole.notes()
	if err != nil {
		out.Blocks, out.Edges = nil, nil
		out.Err = s.fault("read "+q.Measure, err)
		return out, whole
	}
	out.Newest = sources.ByArm[time.Time]{Legacy: instant(whole.newest.Legacy), Candidate: instant(whole.newest.Candidate)}
	out.Series = sources.ByArm[int]{Legacy: len(whole.names.Legacy), Candidate: len(whole.names.Candidate)}
	return out, whole
}

// reach is how far before its first block a piece must be read.
func (s *Source) reach(step time.Duration) time.Duration {
	reach := max(s.cfg.Lookback, 2*step)
	if s.cfg.Replica != "" {
		reach += chosenOver * step
	}
	return reach
}

// shownQuery is what a person can paste elsewhere.
func shownQuery(selectors []selection, d time.Duration) string {
	out := texts(selectors)
	for i, sel := range out {
		out[i] = ranged(sel, d)
	}
	return strings.Join(out, "\n")
}

// piece is a part of the window, read by itself.
type piece struct {
	blocks []sources.Block
	edges  []float64
	kids   int
	tally  *tally
}

// piecesAtOnce keeps one measure's long history from taking all the places of the others, and memory small.
const piecesAtOnce = 2

// pieces reads the window in pieces, several at once. Blocks depend on nothing outside their own lookback, so it does
// not matter where a window is cut: at the same instants for every service, that they can be asked together.
func (s *Source) pieces(ctx context.Context, r *reading, w sources.Window, g *grounds, whole *tally) ([]piece, error) {
	step := r.query.Step
	parts := cutUp(w, max(step, s.cfg.Chunk/step*step))
	out := make([]piece, len(parts))
	known := g.of(ctx, r.arms, w, s.reach(step)) // shared with other measures: not to be cancelled by a piece of this one
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(piecesAtOnce)
	for i, part := range parts {
		group.Go(func() (err error) {
			out[i], err = s.piece(ctx, r, part, known, newTally(w))
			return err
		})
	}
	err := group.Wait()
	for _, p := range out {
		if p.tally != nil {
			whole.add(p.tally)
		}
	}
	return out, err
}

// cutUp divides a window at the multiples of span since 1970.
func cutUp(w sources.Window, span time.Duration) []sources.Window {
	var out []sources.Window
	for from := w.From; from.Before(w.To); {
		to := minTime(sources.Align(from, span).Add(span), w.To)
		out = append(out, sources.Window{From: from, To: to})
		from = to
	}
	return out
}

func minTime(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// piece reads the raw samples of one part of the window and cuts them.
func (s *Source) piece(ctx context.Context, r *reading, w sources.Window, known func() (ground, error), t *tally) (piece, error) {
	out := piece{tally: t}
	c := newCollector(r, s.cfg, t)
	if r.arms.target.Arms.Join != nil {
		g, err := known()
		if err != nil {
			return out, err
		}
		joined := *r
		joined.arms = g.arms
		c.reading = &joined
	}
	if err := s.collect(ctx, c, w); err != nil {
		return out, err
	}
	g, err := known()
	if err != nil {
		return out, err
	}
	t.startless = len(g.lives) == 0
	cells, err := s.cells(ctx, c, w)
	if err != nil {
		return out, err
	}
	out.edges, out.kids = cells.edges, len(c.children)
	grd := grid{from: w.From.UnixMilli(), step: r.query.Step.Milliseconds(), n: w.Blocks(r.query.Step), lookback: max(s.cfg.Lookback, 2*r.query.Step).Milliseconds()}
	sc := newScene(grd, g.lives, cells.tracks, t)
	sc.mute = c.mute
	for _, arm := range sources.Arms() {
		*sc.spoilt.Ptr(arm) = c.spoilt.Of(arm).ordered()
	}
	out.blocks, err = sc.blocks(cells.tracks, w.To, r.query)
	return out, err
}

// mostStrata is how many strata are compared apart: with more, each holds too little to say anything.
const mostStrata = 100

// blocks cuts the children and adds them up.
func (s *scene) blocks(tracks map[*child][]track, end time.Time, q sources.BlockQuery) ([]sources.Block, error) {
	strata := map[string]bool{}
	sheets := make([]sheet, 0, len(tracks))
	for kid, replicas := range tracks {
		merged := merge(replicas, s.grid, func(after, until int64) bool { return s.restarted(kid.process, after, until) })
		sheets = append(sheets, sheet{child: kid, cuts: s.cut(kid, &merged), cells: q.Histogram != ""})
		strata[kid.stratum] = true
	}
	for _, kid := range s.mute {
		sheets = append(sheets, sheet{child: kid, cuts: cuts{span: make([]int16, s.n)}})
	}
	if len(strata) > mostStrata {
		return nil, &sources.Error{
			Kind: sources.ErrInvalid, Cause: fmt.Errorf("%d strata of %s", len(strata), strings.Join(q.Target.Strata, ", ")),
			Fix: fmt.Sprintf("choose labels with at most %d combinations", mostStrata),
		}
	}
	return s.sum(sheets, end, q.Step), nil
}

// collect asks for the raw samples of a piece; two selectors of one reading are asked one after the other, at the same
// instant of the server's time.
func (s *Source) collect(ctx context.Context, c *collector, w sources.Window) error {
	for _, sel := range c.selectors() {
		e, err := s.ask(ctx, question{selection: sel, span: w.Length() + s.reach(c.query.Step), at: w.To}, c.add)
		c.tally.said(e)
		if err != nil {
			return err
		}
	}
	c.order()
	return nil
}

// join puts the pieces together; histograms are brought to the edges that all of them have.
func join(parts []piece, t *tally) ([]sources.Block, []float64, error) {
	edges, err := sharedEdges(parts, t)
	if err != nil {
		return nil, nil, err
	}
	var out []sources.Block
	for _, p := range parts {
		if p.edges != nil {
			coarsen(p.blocks, p.edges, edges)
		}
		out = append(out, p.blocks...)
	}
	return out, edges, nil
}

// missing tells why nothing at all was found, which is another thing than zero requests.
func (t *tally) missing(r *reading, parts []piece) error {
	future := t.ahead > 0 && len(t.names.Legacy)+len(t.names.Candidate) == 0
	for _, p := range parts {
		if p.kids > 0 && !future {
			return nil
		}
	}
	if future {
		return &sources.Error{
			Kind: sources.ErrNoData, Cause: fmt.Errorf("all samples lie after the asked time, by up to %v", milliseconds(t.ahead)),
			Fix: "set the clocks of this machine, the server and its targets",
		}
	}
	out := &sources.Error{Kind: sources.ErrNoData, Cause: fmt.Errorf("no series matches %s", strings.Join(texts(r.selectors()), " or ")), Fix: "see the metric's name, select and arms"}
	if t.strangers > 0 {
		out.Cause, out.Fix = fmt.Errorf("%d series match, none belongs to an arm", t.strangers), "see arms"
	}
	if t.malformed > 0 {
		out.Cause = errors.New("the histogram has no readable le")
	}
	return out
}
