package logbook

import (
	"context"
	"errors"
	"maps"
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
	seen := edge{}
	for len(s.Where) > 0 {
		got, err := finder.Find(ctx, s)
		if err != nil {
			return here, true, err
		}
		if len(got.Refused) > 0 {
			for _, r := range got.Refused {
				here = append(here, terms[r.Where])
			}
			s.Where, terms = Without(s.Where, got.Refused), Without(terms, got.Refused)
			continue
		}
		if err := each(seen.fresh(got.Lines)); err != nil {
			return here, true, err
		}
		if len(got.Notes) > 0 {
			return here, true, &sources.Error{Op: "search lines", Kind: sources.ErrPartial, Cause: errors.New(said(got.Notes))}
		}
		if !got.More || len(got.Lines) == 0 {
			return here, true, nil
		}
		on, further := GoOn(s, got.Lines[len(got.Lines)-1].At)
		if !further {
			return here, true, ErrCrowded
		}
		s.Window = on
	}
	return here, false, nil
}

// edge are the lines of the last millisecond that was handed over: the next answer begins with them.
type edge map[[2]string]time.Time

// fresh are the lines that were not handed over yet; those of their last millisecond are remembered.
func (e edge) fresh(lines []sources.LogLine) []sources.LogLine {
	if len(lines) == 0 {
		return nil
	}
	out := slices.DeleteFunc(slices.Clone(lines), func(l sources.LogLine) bool { return !e[[2]string{l.Index, l.ID}].IsZero() })
	last := lines[len(lines)-1].At.Truncate(time.Millisecond)
	maps.DeleteFunc(e, func(_ [2]string, at time.Time) bool { return !at.Equal(last) })
	for _, l := range lines {
		if l.At.Truncate(time.Millisecond).Equal(last) {
			e[[2]string{l.Index, l.ID}] = last
		}
	}
	return out
}

// Without are those of a search's conditions, or of what belongs to them, that were not refused.
func Without[T any](of []T, refused []sources.Refusal) (out []T) {
	for i, x := range of {
		if !slices.ContainsFunc(refused, func(r sources.Refusal) bool { return r.Where == i }) {
			out = append(out, x)
		}
	}
	return out
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
