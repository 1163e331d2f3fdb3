package prom

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// tally counts every doubt of one measure while it is read. Doubts are counted and told once each, for a note per
// sample would be read by nobody.
type tally struct {
	from, to        int64 // the window, for what was seen in it
	names           sources.ByArm[map[string]struct{}]
	newest          sources.ByArm[int64]
	gap             sources.ByArm[int64] // the shortest mean time between scrapes of one series
	step            time.Duration        // the length of a block
	warnings, infos map[string]struct{}
	merged          map[float64]struct{}
	restarts        map[string]int
	strangers       int                  // series of neither arm
	malformed       int                  // histogram series without a readable edge, or histograms without +Inf
	unusable        sources.ByArm[int]   // NaN, infinite or negative samples
	spoilt          sources.ByArm[int64] // when the newest of them was taken
	rounded         int                  // samples that were not whole
	between         int                  // values within a native bucket that an edge cuts
	bases           int                  // first values that are counted from only
	torn            int                  // scrapes that lacked some edges
	lacking         int                  // histograms left out for want of an edge
	inverted        int                  // cells below zero
	excess          int                  // blocks with more errors than requests
	replicas        int                  // series that another replica has as well
	unborn          sources.ByArm[int]
	caughtUp        sources.ByArm[int64] // requests that came after a missing scrape and span more than the other arm's
	halved          sources.ByArm[int64] // requests of processes that another series of theirs tells nothing of
	spans           int                  // blocks that span several intervals in both arms
	startless       bool
	ahead           int64 // how far samples lie after the instant that was asked for, in milliseconds
}

func newTally(w sources.Window) *tally {
	return &tally{
		from: w.From.UnixMilli(), to: w.To.UnixMilli(),
		names:    sources.ByArm[map[string]struct{}]{Legacy: map[string]struct{}{}, Candidate: map[string]struct{}{}},
		warnings: map[string]struct{}{}, infos: map[string]struct{}{}, merged: map[float64]struct{}{}, restarts: map[string]int{},
	}
}

// saw notes that a series has samples in the window.
func (t *tally) saw(arm sources.Arm, key, le string, at []int64) {
	if n := len(at); n > 0 {
		t.ahead = max(t.ahead, at[n-1]-t.to)
	}
	i, _ := slices.BinarySearch(at, t.to+1)
	if i == 0 || at[i-1] <= t.from {
		return
	}
	if n := int64(len(at) - 1); n > 1 {
		t.scraped(arm, (at[n]-at[0])/n)
	}
	t.names.Of(arm)[key+le] = struct{}{}
	*t.newest.Ptr(arm) = max(t.newest.Of(arm), at[i-1])
}

// scraped keeps the shortest time between scrapes: missing ones only make it longer.
func (t *tally) scraped(arm sources.Arm, gap int64) {
	if shortest := t.gap.Ptr(arm); gap > 0 && (*shortest == 0 || gap < *shortest) {
		*shortest = gap
	}
}

// every is how often an arm is scraped; zero when not known.
func (t *tally) every(arm sources.Arm) time.Duration {
	return time.Duration(t.gap.Of(arm)) * time.Millisecond
}

// dropped counts a sample that is no count.
func (t *tally) dropped(arm sources.Arm, at int64) {
	*t.unusable.Ptr(arm)++
	*t.spoilt.Ptr(arm) = max(t.spoilt.Of(arm), at)
}

func (t *tally) reset(process string) { t.restarts[process]++ }

// said keeps what the server itself said of an answer.
func (t *tally) said(e envelope) {
	for _, w := range e.Warnings {
		t.warnings[w] = struct{}{}
	}
	for _, i := range e.Infos {
		t.infos[i] = struct{}{}
	}
}

// add takes up another tally of the same measure.
func (t *tally) add(o *tally) {
	for _, arm := range sources.Arms() {
		maps.Copy(t.names.Of(arm), o.names.Of(arm))
		*t.newest.Ptr(arm) = max(t.newest.Of(arm), o.newest.Of(arm))
		t.scraped(arm, o.gap.Of(arm))
		*t.caughtUp.Ptr(arm) += o.caughtUp.Of(arm)
		*t.halved.Ptr(arm) += o.halved.Of(arm)
		*t.unborn.Ptr(arm) += o.unborn.Of(arm)
		*t.spoilt.Ptr(arm) = max(t.spoilt.Of(arm), o.spoilt.Of(arm))
	}
	maps.Copy(t.warnings, o.warnings)
	maps.Copy(t.infos, o.infos)
	maps.Copy(t.merged, o.merged)
	for p, n := range o.restarts {
		t.restarts[p] += n
	}
	mine, theirs := t.events(), o.events()
	for i := range mine {
		*mine[i] += *theirs[i]
	}
	mine, theirs = t.things(), o.things()
	for i := range mine {
		*mine[i] = max(*mine[i], *theirs[i])
	}
	t.startless = t.startless || o.startless
	t.ahead = max(t.ahead, o.ahead)
}

// events happen in one piece of the window only and add up.
func (t *tally) events() []*int {
	return []*int{&t.unusable.Legacy, &t.unusable.Candidate, &t.rounded, &t.between, &t.bases, &t.torn, &t.inverted, &t.excess, &t.spans}
}

// things are found again in each piece.
func (t *tally) things() []*int { return []*int{&t.strangers, &t.malformed, &t.lacking, &t.replicas} }

// notes are the doubts in words, gravest first.
func (t *tally) notes() []sources.Note {
	var out []sources.Note
	say := func(when bool, kind sources.NoteKind, format string, args ...any) {
		if when {
			out = append(out, sources.Note{Kind: kind, Text: sources.Textf(format, args...)})
		}
	}
	for _, w := range slices.Sorted(maps.Keys(t.warnings)) {
		say(true, sources.NoteWarning, "%s", sources.NewText(w))
	}
	for _, arm := range sources.Arms() {
		every := t.every(arm)
		say(t.step > 0 && every > t.step*5/4, sources.NoteConfig, "%s is scraped every %v, seldomer than blocks of %v end; set step to that", arm, every.Round(time.Second), t.step)
		say(t.caughtUp.Of(arm) > 0, sources.NoteGap, "%s: %d requests left out, they came after missing scrapes and span another time than the other arm's", arm, t.caughtUp.Of(arm))
		say(t.unborn.Of(arm) > 0, sources.NoteInfo, "%s: in %s scraped without any series of the metric, counted as no request", arm, blocks(t.unborn.Of(arm)))
	}
	say(t.spans > 0, sources.NoteGap, "several scrapes lie in %s, in both arms alike", blocks(t.spans))
	say(t.ahead > 0, sources.NoteSkew, "samples lie up to %v after the asked time and were left out: a clock is ahead of ours", milliseconds(t.ahead))
	for _, arm := range sources.Arms() {
		if n := t.unusable.Of(arm); n > 0 {
			out = append(out, sources.Note{Kind: sources.NotePartial, Arm: arm, At: instant(t.spoilt.Of(arm)), Text: sources.Textf("%s: %d samples dropped: NaN, infinite, negative or past 2^53", arm, n)})
		}
		say(t.halved.Of(arm) > 0, sources.NotePartial, "%s: %d requests left out, another series of their process was no number", arm, t.halved.Of(arm))
	}
	say(t.malformed > 0, sources.NotePartial, "%d histogram series left out: no readable le, or no le=\"+Inf\"", t.malformed)
	say(t.torn > 0, sources.NotePartial, "%d scrapes left out: they lack some of the histogram's edges", t.torn)
	say(t.lacking > 0, sources.NotePartial, "%d histograms left out: they lack the edge that is judged", t.lacking)
	say(t.inverted > 0, sources.NotePartial, "%d histogram cells were below zero and taken as empty", t.inverted)
	say(t.excess > 0, sources.NotePartial, "in %s there were more errors than requests; the rest was left out", blocks(t.excess))
	say(len(t.merged) > 0, sources.NoteMerged, "edges that not all histograms have were merged: %s", floats(slices.Sorted(maps.Keys(t.merged))))
	say(t.between > 0, sources.NoteMerged, "native buckets cut by an edge were divided in proportion")
	say(t.rounded > 0, sources.NoteInfo, "%d samples were not whole and were rounded", t.rounded)
	say(len(t.restarts) > 0, sources.NoteReset, "counters of %d processes started again", len(t.restarts))
	say(t.bases > 0, sources.NoteInfo, "%d first values only counted from, nothing tells since when they grew", t.bases)
	say(t.startless && t.bases > 0, sources.NoteConfig, "%s was not found for these processes, so it is not known when they started", startMetric)
	say(t.replicas > 0, sources.NoteDuplicate, "%d series of other replicas were not counted again", t.replicas)
	say(t.strangers > 0, sources.NoteInfo, "%d series belong to neither arm", t.strangers)
	for _, i := range slices.Sorted(maps.Keys(t.infos)) {
		say(true, sources.NoteInfo, "%s", sources.NewText(i))
	}
	return out
}

func milliseconds(n int64) time.Duration { return time.Duration(n) * time.Millisecond }

func floats(fs []float64) string {
	words := make([]string, len(fs))
	for i, f := range fs {
		words[i] = strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strings.Join(words, ", ")
}

// instant is a time of the server; zero stays zero.
func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// blocks counts blocks in words.
func blocks[N int | int64](n N) string {
	if n == 1 {
		return "1 block"
	}
	return fmt.Sprintf("%d blocks", n)
}
