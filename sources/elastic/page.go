package elastic

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// mostAhead is how many lines of the future are remembered; further ones are shown when their time comes.
const mostAhead = 10_000

// readAhead reads lines whose time has not come. They are shown at once, because a clock that is wrong by an hour must not
// hide what a host says for an hour.
func (t *tail) readAhead(ctx context.Context, from, counted int64) error {
	st := t.st
	p := &span{from: from, to: forever, next: from, every: 1, want: tally{whole: counted}, base: tally{whole: counted}}
	for _, e := range st.ahead {
		if e.at >= from {
			p.seen = append(p.seen, e.hash)
		}
	}
	t.early = int(counted)
	if counted <= int64(len(p.seen)) || len(st.ahead) >= mostAhead {
		return nil
	}
	slices.Sort(p.seen)
	n := len(t.page.Lines)
	st.spans = append(st.spans, p)
	err := t.readBatch(ctx, batch{spans: []*span{p}, ranges: []stretch{{from, forever}}})
	st.spans = st.spans[:len(st.spans)-1]
	for i, l := range t.page.Lines[n:] {
		st.ahead = append(st.ahead, entry{at: l.At.UnixMilli(), hash: p.added[i]})
	}
	return err
}

// take hands a hit over unless it was before.
func (t *tail) take(h *hit, ms int64) error {
	p := t.st.find(ms)
	if p == nil {
		return nil // it came after the census, where there had been none: the next one counts it
	}
	mark := identity(h.Index, h.ID)
	if p.knows(mark) || t.taken[mark] {
		return nil
	}
	l, cut := t.line(h)
	if l.Arm == 0 && !t.s.know().askFields {
		t.s.note(func(l *learnt) { l.askFields = true })
		return errAgain
	}
	if p.every > 1 && t.s.know().noDraw && mark%uint64(p.every) != 0 && !t.shown(l.Level) {
		return nil
	}
	if t.weight += len(l.Source) + len(l.Message.Raw()); len(t.page.Lines) >= t.limit || t.weight > pageBytes && len(t.page.Lines) > 0 {
		t.full = true
		return errFull
	}
	p.added = append(p.added, mark)
	t.st.reached(h)
	t.hand(l, mark, cut)
	return nil
}

// hand puts a line on the page.
func (t *tail) hand(l sources.LogLine, mark uint64, cut bool) {
	t.taken[mark] = true
	if cut {
		t.cut++
	}
	if l.Arm == 0 {
		t.odd++
	}
	ms := l.At.UnixMilli()
	if l.Late = ms < t.high; l.Late {
		t.page.Late++
	}
	t.st.high = max(t.st.high, min(ms, t.now))
	t.page.Lines = append(t.page.Lines, l)
}

// shown tells whether lines of a level are shown whole.
func (t *tail) shown(l sources.Level) bool {
	return t.whole == nil || slices.Contains(t.s.cfg.Show.Whole, l)
}

// sort puts the page in the order of the lines' own time.
func (t *tail) sort() {
	slices.SortStableFunc(t.page.Lines, func(a, b sources.LogLine) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Index, b.Index), cmp.Compare(a.ID, b.ID))
	})
}

// turnLength is how long a lateness that was seen widens the overlap, at least.
const turnLength = 5 * 60 * second

// measure learns how late lines come. An arm's lag is how old its newest line was when it was read, the least of the last
// three readings that brought one: a poll in between cannot make it longer. Lateness is what is certain of it: how long
// before the call before a line had been written that was not there yet.
func (t *tail) measure() {
	st := t.st
	if st.turn == 0 || t.now-st.turn > turnLength {
		st.late, st.gap, st.turn = [2]int64{0, st.late[0]}, [2]int64{0, st.gap[0]}, t.now
	}
	var newest sources.ByArm[int64]
	for _, l := range t.page.Lines {
		ms := l.At.UnixMilli()
		if at := newest.Ptr(l.Arm); at != nil && ms <= t.now {
			*at = max(*at, ms)
		}
		if l.Late && t.live && t.before > 0 {
			st.late[0] = max(st.late[0], t.before-ms)
		}
	}
	for _, arm := range sources.Arms() {
		ring := st.lag.Ptr(arm)
		if at := newest.Of(arm); at > 0 && t.live && !t.full {
			ring[0], ring[1], ring[2] = max(1, t.now-at), ring[0], ring[1]
		}
		least := ring[0]
		for _, v := range ring[1:] {
			if v > 0 {
				least = min(least, v)
			}
		}
		*t.page.Lag.Ptr(arm) = time.Duration(least) * time.Millisecond
	}
}

// sample says in words how lines were chosen.
func (t *tail) sample() string {
	kept := make([]string, 0, 2)
	for _, l := range t.s.cfg.Show.Whole {
		kept = append(kept, l.String()+"s")
	}
	switch {
	case t.alone:
		return strings.Join(kept, " and ") + " only"
	case t.whole == nil:
		return ""
	}
	draws := t.draws
	if len(draws) == 0 {
		for _, p := range t.st.spans[max(0, len(t.st.spans)-60):] {
			draws = append(draws, p.every)
		}
	}
	if len(draws) == 0 || slices.Max(draws) <= 1 {
		return ""
	}
	low, high := slices.Min(draws), slices.Max(draws)
	share := "1 of " + strconv.Itoa(high)
	if low < high {
		share = "1 of " + strconv.Itoa(low) + " to " + strconv.Itoa(high)
	}
	return share + " shown, " + strings.Join(kept, " and ") + " all"
}

// notes are the doubts of the page.
func (t *tail) notes() []sources.Note {
	var out []sources.Note
	add := func(kind sources.NoteKind, n int, format string, args ...any) {
		if n > 0 {
			out = append(out, note(kind, format+": %d", append(args, n)...))
		}
	}
	if e, ok := errors.AsType[*sources.Error](t.doubt); ok && errors.Is(e, sources.ErrPartial) {
		out = append(out, note(sources.NotePartial, "%v", sources.NewText(e.Cause.Error())))
	}
	add(sources.NoteSampled, t.cut, "lines longer than %d kB, cut", t.s.cfg.Line>>10)
	add(sources.NoteSampled, t.large, "lines larger than %d MB, not fetched", int(t.s.cfg.Answer>>20))
	add(sources.NoteSkew, t.early, "lines of a time that has not come on the cluster's clock")
	add(sources.NoteConfig, t.odd, "lines that name no arm in %s", t.s.cfg.Arm.Field)
	add(sources.NotePartial, int(t.missing), "lines that were counted and could not be read")
	add(sources.NotePartial, int(t.tooLate), "lines later than the overlap of %v, not read (see logs.ingest_lag)", time.Duration(t.st.overlap(t.s.cfg.IngestLag))*time.Millisecond)
	if m := t.m; m != nil && len(m.timeless) > 0 {
		out = append(out, note(sources.NoteConfig, "%s is no date in %s: lines there are not read", sources.NewText(t.s.cfg.Fields.Time), sources.NewText(strings.Join(m.timeless, ", "))))
	}
	if t.tight > 0 {
		out = append(out, note(sources.NotePartial, "more than %d lines came within the overlap: those more than %v late would be missed", defaultMost, t.tight.Round(time.Second)))
	}
	if t.whole != nil && t.s.know().noDraw {
		out = append(out, note(sources.NoteConfig, "the server cannot draw a sample: all lines are fetched and drawn from here"))
	}
	return once(append(t.page.Notes, out...))
}

func compact(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}
