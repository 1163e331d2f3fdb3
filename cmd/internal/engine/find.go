package engine

import (
	"context"
	"slices"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// How long a search of the index may take, and how many answers of it are gone through for one page, or for one line.
const (
	findDeadline = 5 * time.Second
	mostFinds    = 8
	mostSought   = 64
	soughtAtOnce = 500
)

// effort is how many answers are gone through at most, with how many lines it is done, and whether what the index refuses to
// look for is compared here instead.
type effort struct {
	rounds, enough int
	here           bool
}

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
	rounds := mostFinds
	if !q.After.IsZero() {
		rounds = mostSought // who goes forward reads a list to its end
	}
	ctx, cancel := context.WithTimeout(ctx, findDeadline)
	defer cancel()
	page, why, err := e.find(ctx, finder, a, q, effort{rounds: rounds, enough: max(q.Limit/2, 1)})
	if err != nil {
		return frame.LogsPage{}, false, "the index could not be searched: " + sources.Visible(err.Error())
	}
	return page, why == "", why
}

// find goes through answers of the index until a page is full or nothing is left, or it has taken long enough.
func (e *Engine) find(ctx context.Context, finder sources.Finder, a logbook.Asked, q frame.LogsQuery, most effort) (frame.LogsPage, string, error) {
	s := e.searchOf(a, q)
	page := frame.LogsPage{Index: true, Since: e.since(q)}
	for round := range most.rounds {
		got, err := finder.Find(ctx, s)
		switch {
		case err != nil:
			return page, "", err
		case len(got.Refused) > 0 && most.here:
			s.Where = logbook.Without(s.Where, got.Refused)
			continue
		case len(got.Refused) > 0:
			return page, a.Refusals(got.Refused), nil
		}
		lines, err := e.logs.Found(got.Lines, q)
		if err != nil {
			return page, "", err
		}
		page.Lines, page.More = addNew(page.Lines, lines), got.More
		if len(got.Notes) > 0 {
			page.Why = got.Notes[0].Text.String()
		}
		if !got.More || len(got.Lines) == 0 || len(page.Lines) >= most.enough {
			break
		}
		last := got.Lines[len(got.Lines)-1].At
		on, further := logbook.GoOn(s, last)
		if !further || round+1 >= most.rounds {
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

// since is the time as far back as which a question is asked.
func (e *Engine) since(q frame.LogsQuery) time.Time {
	return e.cfg.Clock.Now().Add(-q.Past).Truncate(time.Second)
}

// searchOf is a question as a search: of the newest lines before a time, or of the oldest from one on.
func (e *Engine) searchOf(a logbook.Asked, q frame.LogsQuery) sources.Search {
	w := sources.Window{From: e.since(q), To: e.cfg.Clock.Now().Add(time.Minute)}
	if !q.Before.IsZero() {
		w.To = q.Before
	}
	if q.After.After(w.From) {
		w.From = q.After
	}
	return sources.Search{LogQuery: sources.LogQuery{Window: w, Arms: a.Arms, Levels: a.Levels, Limit: q.Limit}, Where: a.Where, Oldest: !q.After.IsZero()}
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
