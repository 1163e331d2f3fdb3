package logbook

import (
	"cmp"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/logdiff"
	"rampart/analysis/logtmpl"
	"rampart/sources"
)

// View is the logs as the frame shows them, without lines.
func (l *Book) View(now time.Time, requests sources.ByArm[int64]) frame.Logs {
	l.mu.Lock()
	defer l.mu.Unlock()
	v := frame.Logs{
		Late: l.late, Dropped: l.skipped, Held: int64(l.ring.Len()), Lag: l.lag,
		Sample: l.sample, At: l.at, Gen: l.gen, Notes: l.notes, Window: sources.Window{From: l.from, To: now},
	}
	if l.err != nil {
		v.Err = sources.Visible(l.err.Error())
	}
	merged := l.patterns.merged(l.miner)
	scale := l.scales(now, merged)
	v.Patterns = l.rows(now, merged, requests, scale)
	v.Diff = l.diff(merged, scale)
	v.DiffBasis = l.basis()
	v.Categories = l.categories()
	v.Findings = l.findings()
	v.Sensitive = l.maskedKinds()
	l.volume(&v, now)
	return v
}

// volume adds up what the source counted itself.
func (l *Book) volume(v *frame.Logs, now time.Time) {
	volume := map[time.Time]sources.ByArm[int64]{}
	for _, b := range l.counts.Buckets {
		if b.Arm == 0 {
			continue
		}
		*v.Lines.Ptr(b.Arm) += b.Lines
		switch b.Level {
		case sources.LevelError:
			*v.Errors.Ptr(b.Arm) += b.Lines
		case sources.LevelWarn:
			*v.Warnings.Ptr(b.Arm) += b.Lines
		case sources.LevelUnknown, sources.LevelDebug, sources.LevelInfo:
		}
		sum := volume[b.At]
		*sum.Ptr(b.Arm) += b.Lines
		volume[b.At] = sum
	}
	if len(l.counts.Buckets) == 0 {
		return
	}
	end := sources.Align(now, VolumeStep)
	for at := end.Add(-VolumePast); at.Before(end); at = at.Add(VolumeStep) {
		for _, a := range sources.Arms() {
			n := volume[at].Of(a)
			*v.Volume.Ptr(a) = append(v.Volume.Of(a), analysis.Number(float64(n), analysis.Count, n))
		}
	}
}

// scales says, for each level, how many lines there are for one that was read: the source's count over ours, where a
// sample was drawn.
func (l *Book) scales(now time.Time, merged map[logtmpl.ID]*pattern) map[sources.Level]sources.ByArm[float64] {
	out := map[sources.Level]sources.ByArm[float64]{}
	for _, level := range sources.Levels() {
		out[level] = sources.ByArm[float64]{Legacy: 1, Candidate: 1}
	}
	if l.sample == "" {
		return out
	}
	read, there := map[sources.Level]*sources.ByArm[int64]{}, map[sources.Level]*sources.ByArm[int64]{}
	for _, level := range sources.Levels() {
		read[level], there[level] = &sources.ByArm[int64]{}, &sources.ByArm[int64]{}
	}
	for _, t := range merged {
		n := t.count(now)
		read[t.level].Legacy += n.Legacy
		read[t.level].Candidate += n.Candidate
	}
	for _, b := range l.counts.Buckets {
		if b.Arm != 0 && there[b.Level] != nil {
			*there[b.Level].Ptr(b.Arm) += b.Lines
		}
	}
	const noise = 1.1 // the windows differ at their ends
	for level, s := range out {
		for _, a := range sources.Arms() {
			if got, all := read[level].Of(a), there[level].Of(a); got > 0 && float64(all) > noise*float64(got) {
				*s.Ptr(a) = float64(all) / float64(got)
			}
		}
		out[level] = s
	}
	return out
}

// rows are the patterns of the overview: errors first, then what the candidate writes more often than legacy.
func (l *Book) rows(now time.Time, merged map[logtmpl.ID]*pattern, requests sources.ByArm[int64], scale map[sources.Level]sources.ByArm[float64]) []frame.Pattern {
	out := make([]frame.Pattern, 0, len(merged))
	for id, t := range merged {
		row, compared := l.peers.byID[id]
		if t.level < sources.LevelWarn && !row.Selected || len(t.cells) == 0 {
			continue
		}
		v := frame.Pattern{ID: uint64(id), Level: t.level, Mark: analysis.MarkReport, Count: t.count(now), Ratio: analysis.Missing("not compared yet: its blocks are not closed")}
		v.New = v.Count.Candidate > 0 && v.Count.Legacy == 0
		if compared {
			v.New, v.Mark = row.New, markOf(row, l.alpha())
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b frame.Pattern) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(b.Count.Candidate, a.Count.Candidate), cmp.Compare(b.Count.Legacy, a.Count.Legacy), cmp.Compare(a.ID, b.ID))
	})
	out = out[:min(len(out), mostPatterns)]
	for i := range out {
		v := &out[i]
		s := scale[v.Level]
		l.describe(v, merged[logtmpl.ID(v.ID)], s)
		v.Legacy, v.Candidate = perThousand(v.Count.Legacy, requests.Legacy, s.Legacy), perThousand(v.Count.Candidate, requests.Candidate, s.Candidate)
		if row, ok := l.peers.byID[logtmpl.ID(v.ID)]; ok {
			l.judged(v, row)
		}
	}
	return out
}

// weight puts what is selected first, then errors, then what is new.
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

// describe says what a template is, without what is compared.
func (l *Book) describe(v *frame.Pattern, t *pattern, scale sources.ByArm[float64]) {
	v.First, v.Last, v.Sample = t.first, t.last, t.sample
	v.Text = cmp.Or(t.sample.Candidate, t.sample.Legacy)
	if tmpl, ok := l.miner.Template(t.id); ok {
		v.Text = tmpl.Text
	}
	v.History = cellsOf(l.peers.templates.Rates(l.miner.Resolve(t.id), patternCells, l.cellBlocks()), scale).Candidate
}

// cellBlocks is how many blocks a cell of a sparkline spans.
func (l *Book) cellBlocks() int { return max(1, int(patternCell/l.cfg.Step)) }

// judged puts a template's comparison into its row.
func (l *Book) judged(v *frame.Pattern, r logdiff.Row) {
	n := r.Lines.Legacy + r.Lines.Candidate
	v.Mark, v.Selected, v.New = markOf(r, l.alpha()), r.Selected, r.New
	v.Evidence, v.Need = evidence(r.LogE, n), evidence(r.LogNeed, n)
	v.Ratio = l.peers.ratio(r)
	if !r.First.IsZero() && r.First.Before(v.First) {
		v.First = r.First
	}
}

func (l *Book) alpha() float64 { return cmp.Or(l.cfg.Alpha, 0.05) }

// diff are the rows of the log diff, as of the newest closed block.
func (l *Book) diff(merged map[logtmpl.ID]*pattern, scale map[sources.Level]sources.ByArm[float64]) []frame.DiffRow {
	basis := l.peers.templates.Basis()
	var out []frame.DiffRow
	for _, r := range l.peers.rows {
		t := merged[r.ID]
		if t == nil {
			t = &pattern{id: r.ID, first: r.First, last: r.Last}
		}
		s := scale[t.level]
		p := frame.Pattern{ID: uint64(r.ID), Level: t.level, Count: r.Lines}
		l.describe(&p, t, s)
		p.Legacy, p.Candidate = perThousand(r.Lines.Legacy, basis.Requests.Legacy, s.Legacy), perThousand(r.Lines.Candidate, basis.Requests.Candidate, s.Candidate)
		l.judged(&p, r)
		out = append(out, frame.DiffRow{
			Pattern: p, Requests: basis.Requests, Why: whyOf(r, basis.Templates),
			Histories: cellsOf(l.peers.templates.Rates(r.ID, patternCells, l.cellBlocks()), s),
		})
	}
	return out
}

// basis says what the rows of the diff rest on.
func (l *Book) basis() frame.DiffBasis {
	b := l.peers.templates.Basis()
	v := frame.DiffBasis{
		Window: b.Window, Blocks: b.Blocks, Templates: b.Templates, Alpha: analysis.Number(l.alpha(), analysis.Fraction, int64(b.Blocks)),
		Behind: l.behind(), Sample: l.sample, Evicted: b.Evicted,
	}
	switch {
	case len(l.peers.rows) > 0:
	case b.Blocks == 0 && b.Passed == 0:
		v.Why = "no block of requests has been closed yet"
	case b.Blocks == 0:
		v.Why = "no block in which both arms had requests"
	default:
		v.Why = "the candidate wrote no line in the blocks that were compared"
	}
	return v
}
