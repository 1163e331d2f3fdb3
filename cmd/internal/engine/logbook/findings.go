package logbook

import (
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/logdiff"
	"rampart/sources"
)

// An arm is silent when it wrote nothing in the newest blocks although so many lines were to be expected of its requests:
// by chance that happens about once in 160 000 times.
const silentLines = 12

// A volume stands out against the other arm's when the evidence says so and the ratio is beyond this with its interval;
// against its own past when three minutes in a row are beyond threefold and far beyond what minutes differ by.
const (
	volumeRatio = 1.25
	jumpFactor  = 3
	jumpMinutes = 3
	leastPast   = 8
)

// findings are what stands out beside templates.
func (l *Book) findings() []sources.Note {
	step := l.cfg.Step
	blocks := l.peers.kinds.Rates(allLines, int(patternPast/step), 1)
	end := l.peers.kinds.Closed()
	out := silences(blocks, step, end)
	out = append(out, l.volumes()...)
	out = append(out, l.leaks(end)...)
	if l.sample == "" { // a draw that changes moves the volume of what was read
		minute := max(1, int(time.Minute/step))
		out = append(out, jumps(l.peers.kinds.Rates(allLines, int(patternPast/step)/minute, minute), time.Duration(minute)*step, end)...)
	}
	return out
}

// leaks tell of sensitive text that the candidate writes more often per request than legacy.
func (l *Book) leaks(end time.Time) []sources.Note {
	var out []sources.Note
	for _, k := range l.maskedKinds() {
		if k.Mark == analysis.MarkWorse {
			out = append(out, sources.Note{Kind: sources.NoteWarning, At: end, Text: sources.Textf(
				"sensitive text: the candidate logs %s more often per request than legacy: %d lines, legacy %d", k.Kind, k.Hits.Candidate, k.Hits.Legacy)})
		}
	}
	return out
}

// silences tell of arms that answered requests and wrote no line.
func silences(blocks []logdiff.Rate, step time.Duration, end time.Time) []sources.Note {
	var out []sources.Note
	for _, a := range sources.Arms() {
		n := quiet(blocks, a)
		var requests int64
		for _, b := range blocks[len(blocks)-n:] {
			requests += b.Requests.Of(a)
		}
		expected, by := expect(blocks, a, n, requests)
		if expected < silentLines {
			continue
		}
		since := end.Add(-time.Duration(n) * step)
		out = append(out, sources.Note{Kind: sources.NoteGap, At: since, Text: sources.Textf(
			"log silence: no line of the %s since %s in %d requests, about %.0f were to be expected by %s: its log shipper, or the process",
			a, since.UTC().Format(time.TimeOnly), requests, expected, by)})
	}
	if len(out) == 2 {
		at := out[0].At
		return []sources.Note{{Kind: sources.NoteGap, At: at, Text: sources.Textf("log silence: no line of either arm since %s: the log source or its shippers, not the candidate", at.UTC().Format(time.TimeOnly))}}
	}
	return out
}

// quiet is how many of the newest blocks hold no line of an arm.
func quiet(blocks []logdiff.Rate, a sources.Arm) (n int) {
	for _, b := range slices.Backward(blocks) {
		if b.Lines.Of(a) > 0 {
			break
		}
		n++
	}
	return n
}

// expect is how many lines an arm should have written in its quiet blocks, by its own rate before, else by the other's.
func expect(blocks []logdiff.Rate, a sources.Arm, quiet int, requests int64) (lines float64, by string) {
	var own, others logdiff.Rate
	for i, b := range blocks {
		if i < len(blocks)-quiet {
			own.Lines.Legacy += b.Lines.Of(a)
			own.Requests.Legacy += b.Requests.Of(a)
		}
		others.Lines.Legacy += b.Lines.Of(a.Other())
		others.Requests.Legacy += b.Requests.Of(a.Other())
	}
	by = "its own rate before"
	if own.Lines.Legacy == 0 {
		own, by = others, fmt.Sprintf("the rate of the %s", a.Other())
	}
	if own.Requests.Legacy == 0 {
		return 0, by
	}
	return float64(own.Lines.Legacy) / float64(own.Requests.Legacy) * float64(requests), by
}

// volumes tell of a candidate that writes many more or many fewer lines per request than legacy.
func (l *Book) volumes() []sources.Note {
	var out []sources.Note
	at := l.peers.kinds.Closed()
	if r, ok := l.peers.kinds.Row(allLines); ok && r.Selected && r.Known && r.Lo >= volumeRatio {
		out = append(out, sources.Note{Kind: sources.NoteInfo, At: at, Text: sources.Textf("log volume: the candidate writes %.1f times the lines per request of legacy (at least %.1f)", r.Ratio, r.Lo)})
	}
	if r, ok := l.peers.fewer.Row(allLines); ok && r.Selected && r.Known && r.Lo >= volumeRatio {
		out = append(out, sources.Note{Kind: sources.NoteInfo, At: at, Text: sources.Textf("log volume: the candidate writes %.2f times the lines per request of legacy (at most %.2f)", 1/r.Ratio, 1/r.Lo)})
	}
	return out
}

// jumps tell of an arm whose lines per request differ from its own past. The middle of the past and the middle deviation
// from it are not moved by a few odd minutes.
func jumps(minutes []logdiff.Rate, span time.Duration, end time.Time) []sources.Note {
	var out []sources.Note
	for _, a := range sources.Arms() {
		past, now := rates(minutes, a)
		if len(past) < leastPast || len(now) < jumpMinutes {
			continue
		}
		mid := middle(past)
		var off []float64
		for _, r := range past {
			off = append(off, max(r-mid, mid-r))
		}
		far := mid + 6*1.4826*middle(off)
		if least := slices.Min(now); mid > 0 && least > jumpFactor*mid && least > far {
			out = append(out, sources.Note{Kind: sources.NoteInfo, At: end, Text: sources.Textf(
				"log volume: the %s writes %.1f times the lines per request of its own past, for %v", a, least/mid, time.Duration(len(now))*span)})
		}
	}
	return out
}

// rates are an arm's lines per request, before the newest minutes and in them. Minutes with few requests tell nothing.
func rates(minutes []logdiff.Rate, a sources.Arm) (past, now []float64) {
	const few = 20
	for i, m := range minutes {
		n := m.Requests.Of(a)
		if n < few {
			continue
		}
		r := float64(m.Lines.Of(a)) / float64(n)
		if i < len(minutes)-jumpMinutes {
			past = append(past, r)
			continue
		}
		now = append(now, r)
	}
	return past, now
}

func middle(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}
