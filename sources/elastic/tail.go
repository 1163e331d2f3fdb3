package elastic

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// tail is one call of Tail under way.
type tail struct {
	asked
	st      *state
	limit   int
	now     int64 // on the cluster's clock
	before  int64 // when it was asked the time before
	high    int64 // the latest time handed over before this call
	live    bool  // it was close to now already
	counted bool  // the census was taken
	unsure  bool  // none was taken because enough is known to be read: there may be more
	page    sources.Page
	taken   map[uint64]bool // handed over by this call
	cut     int             // lines that were too long
	early   int             // lines whose time has not come
	odd     int             // lines of no arm
	large   int             // lines that no answer can carry
	missing int64           // lines that were counted and could not be read
	doubt   error           // what was missing in an answer
	full    bool            // the page is full
	weight  int             // bytes of the lines on the page
	tooLate int64           // lines that came after their span was closed
	draws   []int           // one in how many was drawn, for each span that was read
	tight   time.Duration   // the overlap that memory allows, when it is less than wanted
}

// Tail returns the lines that became visible since the cursor, in the order of their own time.
func (s *Source) Tail(ctx context.Context, q sources.LogQuery, from sources.Cursor) (sources.Page, error) {
	m, err := s.fields(ctx)
	if err == nil {
		err = s.clock(ctx)
	}
	if err != nil {
		return sources.Page{Next: from}, err
	}
	a := s.ask(q, m)
	if to := q.Window.To; !to.IsZero() {
		a.base = append(a.base, a.between(0, to.UnixMilli())) // a field of nanoseconds knows no time before 1970
	}
	st, err := a.stand(from)
	if err != nil {
		return sources.Page{Next: from}, s.fault("tail", err)
	}
	t := &tail{asked: a, st: st, limit: q.Limit, now: s.now().UnixMilli(), before: st.asked, high: st.high, taken: map[uint64]bool{}}
	if t.limit <= 0 {
		t.limit = DefaultLimit
	}
	if err := t.run(ctx); err != nil {
		t.doubt = err
	}
	return t.finish(ctx)
}

// stand takes up a cursor, or begins at the window's beginning: now, less a minute, when it has none.
func (a asked) stand(from sources.Cursor) (*state, error) {
	mark := a.fingerprint()
	if len(from.State) > 0 {
		st, err := decode(from.State)
		if err == nil && st.query != mark {
			err = errors.New("the cursor belongs to another query")
		}
		if err != nil {
			return nil, &sources.Error{Kind: sources.ErrInvalid, Cause: err, Fix: "begin anew without a cursor"}
		}
		return st, nil
	}
	start := a.q.Window.From
	if start.IsZero() {
		start = a.s.now().Add(-time.Minute)
	}
	ms := start.UnixMilli()
	return &state{query: mark, start: ms, floor: ms, edge: ms, sound: a.s.now().UnixMilli()}, nil
}

// upper is how far lines are wanted, in whole seconds, and whether those of the future are too. A window that ends within a
// second cuts the lines, not the spans: it may end later the next time.
func (t *tail) upper() (int64, bool) {
	hi := up(t.now+1, second)
	if to := t.q.Window.To; !to.IsZero() {
		return min(hi, up(to.UnixMilli(), second)), false
	}
	return hi, true
}

// run counts and reads until the page is full or nothing is left to read.
func (t *tail) run(ctx context.Context) error {
	st := t.st
	hi, open := t.upper()
	if hi <= st.start {
		return nil
	}
	t.live = st.edge >= hi-minute && hi >= t.now-minute
	until, width := st.plan(hi)
	open = open && until >= hi
	var early int64
	if t.unsure = st.behind() && t.now-st.asked < 2*second; !t.unsure {
		var err error
		if early, err = t.count(ctx, until, width, open); err != nil {
			return err
		}
	}
	if t.page.More = until < hi; t.page.More && len(st.spans) == 0 {
		return t.leap(ctx, hi)
	}
	t.makeRoom()
	if err := t.readAll(ctx, t.batches((*span).pending, t.quickly())); err != nil || t.full {
		return err
	}
	if open && early > 0 {
		t.s.note(func(l *learnt) { l.skewAt = time.Time{} }) // perhaps it is the clock that is wrong
		return t.readAhead(ctx, until, early)
	}
	return nil
}

// makeRoom takes the memory for the lines that were counted at once: growing into it would take five times as much.
func (t *tail) makeRoom() {
	n := 0
	for _, p := range t.st.spans {
		if p.pending() {
			n += max(0, p.expected()-len(p.seen))
		}
	}
	t.page.Lines = slices.Grow(t.page.Lines, min(n, t.limit))
}

// leap goes over a stretch without lines to the first that there is, else to where lines may still come.
func (t *tail) leap(ctx context.Context, hi int64) error {
	st := t.st
	next := max(st.edge, down(hi-mostOpen, second))
	first, found, err := t.firstTime(ctx, t.between(st.edge, hi))
	if err != nil {
		return err
	}
	if found {
		next = min(next, max(st.edge, down(first, second)))
	}
	st.floor, st.edge = next, next
	return t.run(ctx)
}

// count takes the census and puts it into the spans.
func (t *tail) count(ctx context.Context, until, width int64, open bool) (early int64, err error) {
	st := t.st
	if st.floor >= until && !open {
		return 0, nil
	}
	counted, early, partial, err := t.census(ctx, st.floor, until, width, open)
	if err != nil {
		return 0, err
	}
	if gap := t.now - st.asked; st.asked > 0 && gap > 5*second {
		st.gap[0] = max(st.gap[0], gap) // shippers may have been cut off as long as we were
	}
	st.asked, t.counted = t.now, true
	st.turnMarks()
	if partial == nil {
		st.sound = t.now
	}
	t.doubt = errors.Join(t.doubt, partial)
	st.count(counted, st.floor, until, width, t.s.cfg.Show.Rest)
	return early, nil
}

// finish closes what can be closed and makes the page.
func (t *tail) finish(ctx context.Context) (sources.Page, error) {
	t.sort()
	t.measure()
	for _, p := range t.st.spans {
		t.page.Skipped += p.skip()
		p.settle()
	}
	t.page.More = t.page.More || t.full || t.unsure && t.doubt == nil
	t.page.Sample = t.sample()
	t.page.Query = t.expanded()
	t.close()
	t.strays(ctx)
	t.page.Notes = t.notes()
	t.page.Next = sources.Cursor{State: t.st.encode()}
	if t.doubt != nil {
		return t.page, t.s.fault("tail", t.doubt)
	}
	return t.page, nil
}

func note(kind sources.NoteKind, format string, args ...any) sources.Note {
	return sources.Note{Kind: kind, Text: sources.Textf(format, args...)}
}

// expanded is the query as the cluster is asked it.
func (t *tail) expanded() string {
	hi, _ := t.upper()
	return fmt.Sprintf("POST /%s/_search %s", t.s.cfg.Index, compact(dsl{"query": t.with(t.between(t.st.floor, hi))}))
}
