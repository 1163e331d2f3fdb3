package logbook

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/logtmpl"
	"rampart/analysis/stat"
	"rampart/sources"
)

// patternCells are the cells of a pattern's sparkline, three minutes each, and patternPast all of them together.
const (
	patternCells = 10
	patternCell  = 3 * time.Minute
	patternPast  = patternCells * patternCell
	mostPatterns = 40 // shown in a frame
	heldPatterns = 2048
)

// pattern is one template's lines of both arms, in cells of time.
type pattern struct {
	id     logtmpl.ID
	level  sources.Level
	cells  map[int64]*sources.ByArm[int64]
	first  time.Time
	last   time.Time
	sample sources.ByArm[sources.Text]
}

// patterns counts lines by template. It holds the newest half hour.
type patterns struct {
	byID map[logtmpl.ID]*pattern
}

func newPatterns() *patterns { return &patterns{byID: map[logtmpl.ID]*pattern{}} }

// add counts a line.
func (p *patterns) add(id logtmpl.ID, l sources.LogLine, shown sources.Text) {
	if l.Arm == 0 {
		return
	}
	t := p.byID[id]
	if t == nil {
		if len(p.byID) >= heldPatterns {
			p.forget(l.At.Add(-patternPast))
		}
		t = &pattern{id: id, level: l.Level, first: l.At, cells: map[int64]*sources.ByArm[int64]{}}
		p.byID[id] = t
	}
	t.level = max(t.level, l.Level)
	if l.At.Before(t.first) {
		t.first = l.At
	}
	if l.At.After(t.last) {
		t.last = l.At
	}
	*t.sample.Ptr(l.Arm) = shown
	cell := cellOf(l.At)
	if t.cells[cell] == nil {
		t.cells[cell] = &sources.ByArm[int64]{}
	}
	*t.cells[cell].Ptr(l.Arm)++
}

func cellOf(t time.Time) int64 { return t.Unix() / int64(patternCell/time.Second) }

// forget drops cells, then patterns, that ended before an instant.
func (p *patterns) forget(before time.Time) {
	old := cellOf(before)
	for id, t := range p.byID {
		for c := range t.cells {
			if c < old {
				delete(t.cells, c)
			}
		}
		if len(t.cells) == 0 {
			delete(p.byID, id)
		}
	}
}

// view is the patterns as the frame shows them: errors first, then what the candidate says more often than legacy.
func (p *patterns) view(now time.Time, miner *logtmpl.Miner, requests sources.ByArm[int64]) []frame.Pattern {
	merged := p.merged(miner)
	out := make([]frame.Pattern, 0, len(merged))
	for id, t := range merged {
		if t.level < sources.LevelWarn {
			continue
		}
		v := t.view(now, requests)
		v.ID = uint64(id)
		if tmpl, ok := miner.Template(id); ok {
			v.Text = tmpl.Text
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b frame.Pattern) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(b.Count.Candidate, a.Count.Candidate), cmp.Compare(b.Count.Legacy, a.Count.Legacy), cmp.Compare(a.ID, b.ID))
	})
	return out[:min(len(out), mostPatterns)]
}

// merged joins patterns whose templates became one.
func (p *patterns) merged(miner *logtmpl.Miner) map[logtmpl.ID]*pattern {
	out := make(map[logtmpl.ID]*pattern, len(p.byID))
	for id, t := range p.byID {
		now := miner.Resolve(id)
		old := out[now]
		if old == nil {
			out[now] = t
			continue
		}
		out[now] = old.plus(t)
	}
	return out
}

// plus joins two patterns into a new one.
func (t *pattern) plus(o *pattern) *pattern {
	sum := &pattern{id: t.id, level: max(t.level, o.level), first: t.first, last: t.last, sample: t.sample, cells: map[int64]*sources.ByArm[int64]{}}
	if o.first.Before(sum.first) {
		sum.first = o.first
	}
	if o.last.After(sum.last) {
		sum.last, sum.sample = o.last, o.sample
	}
	for _, part := range []*pattern{t, o} {
		for c, n := range part.cells {
			if sum.cells[c] == nil {
				sum.cells[c] = &sources.ByArm[int64]{}
			}
			sum.cells[c].Legacy += n.Legacy
			sum.cells[c].Candidate += n.Candidate
		}
	}
	return sum
}

func weight(p frame.Pattern) int {
	w := 0
	if p.Level == sources.LevelError {
		w += 4
	}
	if p.Mark == analysis.MarkWorse {
		w += 8
	}
	if p.New {
		w += 2
	}
	return w
}

func (t *pattern) view(now time.Time, requests sources.ByArm[int64]) frame.Pattern {
	v := frame.Pattern{Level: t.level, Mark: analysis.MarkReport, First: t.first, Last: t.last, Sample: t.sample}
	newest := cellOf(now)
	for c := newest - patternCells + 1; c <= newest; c++ {
		n := t.cells[c]
		if n == nil {
			n = &sources.ByArm[int64]{}
		}
		v.Count.Legacy += n.Legacy
		v.Count.Candidate += n.Candidate
		v.History = append(v.History, analysis.Number(float64(n.Candidate), analysis.Count, n.Candidate))
	}
	v.Legacy, v.Candidate = perThousand(v.Count.Legacy, requests.Legacy), perThousand(v.Count.Candidate, requests.Candidate)
	v.New = v.Count.Legacy == 0 && v.Count.Candidate > 0
	v.Ratio = rateRatio(v.Count, requests)
	if over(v.Count, requests) {
		v.Mark = analysis.MarkWorse
	}
	return v
}

// over tells whether the candidate says a pattern more often per request than legacy, so clearly that looking at forty
// patterns every few seconds does not find one by chance.
func over(lines, requests sources.ByArm[int64]) bool {
	const (
		enough = 5
		sure   = 0.9999
	)
	all := lines.Legacy + lines.Candidate
	if lines.Candidate < enough || requests.Legacy == 0 || requests.Candidate == 0 {
		return false
	}
	lo, _, err := stat.Wilson(stat.Proportion{Hits: float64(lines.Candidate), N: float64(all)}, sure)
	return err == nil && lo > float64(requests.Candidate)/float64(requests.Candidate+requests.Legacy)
}

func perThousand(lines, requests int64) analysis.Value {
	if requests == 0 {
		return analysis.Missing("no request in the window")
	}
	return analysis.Number(1000*float64(lines)/float64(requests), analysis.Bare, lines)
}

// rateRatio compares the lines per request of both arms: given their sum, the candidate's lines are binomial, so the
// score interval of that share gives the ratio's (Przyborowski and Wilenski 1940; Wilson 1927).
func rateRatio(lines, requests sources.ByArm[int64]) analysis.Value {
	all := lines.Legacy + lines.Candidate
	if all == 0 || requests.Legacy == 0 || requests.Candidate == 0 {
		return analysis.Missing("too few lines or requests")
	}
	scale := float64(requests.Legacy) / float64(requests.Candidate)
	lo, hi, err := stat.Wilson(stat.Proportion{Hits: float64(lines.Candidate), N: float64(all)}, 0.95)
	if err != nil {
		return analysis.Missing("no interval: " + err.Error())
	}
	low := lo / (1 - lo) * scale
	if lines.Legacy == 0 {
		v := analysis.Missing("never in legacy")
		v.N, v.Interval, v.Lo, v.OpenHi = all, true, low, true
		return v
	}
	v := analysis.Number(float64(lines.Candidate)/float64(lines.Legacy)*scale, analysis.Ratio, all)
	return v.Between(low, hi/(1-hi)*scale)
}
