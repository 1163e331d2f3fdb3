package logbook

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// sweptAtOnce is how many lines a sweep asks for at a time.
const sweptAtOnce = 1000

// ErrCrowded says that more lines lie in one millisecond than a search brings, so that it cannot go on behind them.
var ErrCrowded = errors.New("more lines in one millisecond than a search brings")

// Sweep hands over every line of a window that may be one of those asked for, newest first, each once: a search of the
// index, page by page. What the index cannot look for is left to the caller to compare and returned as it was typed. False
// says that nothing is left that it can look for, and that it was asked nothing.
func Sweep(ctx context.Context, finder sources.Finder, a Asked, w sources.Window, each func([]sources.LogLine) error) (here []string, asked bool, err error) {
	s := sources.Search{LogQuery: sources.LogQuery{Window: w, Arms: a.Arms, Levels: a.Levels, Limit: sweptAtOnce}, Where: a.Where}
	here, terms := slices.Clone(a.Here), slices.Clone(a.Terms)
	type key struct{ index, id string }
	seen := map[key]bool{} // of the last millisecond handed over
	var edge time.Time
	for len(s.Where) > 0 {
		got, err := finder.Find(ctx, s)
		if err != nil {
			return here, true, err
		}
		for _, r := range slices.Backward(got.Refused) {
			here = append(here, terms[r.Where])
			s.Where, terms = slices.Delete(slices.Clone(s.Where), r.Where, r.Where+1), slices.Delete(terms, r.Where, r.Where+1)
		}
		if len(got.Refused) > 0 {
			continue
		}
		lines := slices.DeleteFunc(slices.Clone(got.Lines), func(l sources.LogLine) bool { return seen[key{l.Index, l.ID}] })
		if err := each(lines); err != nil {
			return here, true, err
		}
		if len(got.Notes) > 0 {
			return here, true, &sources.Error{Op: "search lines", Kind: sources.ErrPartial, Cause: errors.New(said(got.Notes))}
		}
		if !got.More || len(got.Lines) == 0 {
			return here, true, nil
		}
		last := got.Lines[len(got.Lines)-1].At
		on, further := GoOn(s, last)
		if !further {
			return here, true, ErrCrowded
		}
		if s.Window = on; !edge.Equal(on.To) {
			edge = on.To
			clear(seen)
		}
		for _, l := range slices.Backward(got.Lines) {
			if l.At.Before(last.Truncate(time.Millisecond)) || !l.At.Before(edge) {
				break
			}
			seen[key{l.Index, l.ID}] = true
		}
	}
	return here, false, nil
}

func said(notes []sources.Note) string {
	var out []string
	for _, n := range notes {
		out = append(out, n.Text.String())
	}
	return strings.Join(out, "; ")
}

// GoOn is the rest of a search's window behind a line: from its millisecond on, because others may have been written in it.
// False where that is no step further.
func GoOn(s sources.Search, last time.Time) (sources.Window, bool) {
	w := s.Window
	if s.Oldest {
		w.From = last
		return w, last.After(s.Window.From)
	}
	w.To = last.Truncate(time.Millisecond).Add(time.Millisecond)
	return w, w.To.Before(s.Window.To)
}
