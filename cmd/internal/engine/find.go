package engine

import (
	"context"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// How long a search of the index may take, and how many answers of it are gone through for one page.
const (
	findDeadline = 5 * time.Second
	mostFinds    = 8
)

// search answers a question from the source's index, over as long as the question says, if all its filters can be run there.
// Otherwise it says why not, and the held lines are what there is.
func (e *Engine) search(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, bool, string) {
	finder, ok := e.cfg.Logs.(sources.Finder)
	if !ok || q.Past <= 0 || len(q.Terms) == 0 && q.Arm == 0 && q.Level == 0 {
		return frame.LogsPage{}, false, ""
	}
	a := logbook.AskedOf(q)
	if len(a.Here) > 0 {
		return frame.LogsPage{}, false, a.Refusals(nil)
	}
	ctx, cancel := context.WithTimeout(ctx, findDeadline)
	defer cancel()
	page, why, err := e.find(ctx, finder, a, q)
	if err != nil {
		return frame.LogsPage{}, false, "the index could not be searched: " + sources.Visible(err.Error())
	}
	return page, why == "", why
}

// find goes through answers of the index until a page is full or nothing is left, or it has taken long enough.
func (e *Engine) find(ctx context.Context, finder sources.Finder, a logbook.Asked, q frame.LogsQuery) (frame.LogsPage, string, error) {
	now := e.cfg.Clock.Now()
	w := sources.Window{From: now.Add(-q.Past).Truncate(time.Second), To: now.Add(time.Minute)}
	page := frame.LogsPage{Index: true, Since: w.From}
	if !q.Before.IsZero() {
		w.To = q.Before
	}
	if !q.After.IsZero() && q.After.After(w.From) {
		w.From = q.After
	}
	s := sources.Search{LogQuery: sources.LogQuery{Window: w, Arms: a.Arms, Levels: a.Levels, Limit: q.Limit}, Where: a.Where, Oldest: !q.After.IsZero()}
	for round := 0; ; round++ {
		got, err := finder.Find(ctx, s)
		switch {
		case err != nil:
			return page, "", err
		case len(got.Refused) > 0:
			return page, a.Refusals(got.Refused), nil
		}
		lines, err := e.logs.Found(got.Lines, q)
		if err != nil {
			return page, "", err
		}
		page.Lines, page.More = addNew(page.Lines, lines), got.More
		if !got.More || len(page.Lines) >= max(q.Limit/2, 1) {
			break
		}
		last := got.Lines[len(got.Lines)-1].At
		on, further := goOn(s, last)
		if !further || round+1 >= mostFinds {
			page.Why = "searched as far as " + last.UTC().Format(time.TimeOnly) + "Z only: a narrower filter goes further"
			break
		}
		s.Window = on
	}
	if s.Oldest {
		slices.Reverse(page.Lines)
	}
	page.Matched = int64(len(page.Lines))
	return page, "", nil
}

// goOn is the rest of a search's window behind a line: from its millisecond on, because others may have been written in it.
// False where that is no step further.
func goOn(s sources.Search, last time.Time) (sources.Window, bool) {
	w := s.Window
	if s.Oldest {
		w.From = last
		return w, last.After(s.Window.From)
	}
	w.To = last.Truncate(time.Millisecond).Add(time.Millisecond)
	return w, w.To.Before(s.Window.To)
}

// addNew adds the lines that are not there yet.
func addNew(lines, more []frame.LogLine) []frame.LogLine {
	for _, x := range more {
		if !slices.ContainsFunc(lines, func(o frame.LogLine) bool { return o.ID == x.ID }) {
			lines = append(lines, x)
		}
	}
	return lines
}
