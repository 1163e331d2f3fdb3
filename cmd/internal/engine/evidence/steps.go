package evidence

import (
	"slices"
	"sync"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/analysis/score"
	"rampart/sources"
)

const (
	// mostSteps is how many of the newest blocks are explained: an hour of scrapes.
	mostSteps = 240
	// moreSteps is how many more there may be before the old ones are let go.
	moreSteps = 60
)

// steps are the newest blocks with what each added to the evidence. They are bare numbers: as panels show them they would be
// twice as large, and most are of services that no screen shows. What was appended is never changed, so a copy of the struct
// stays as it is.
type steps struct {
	all   []addition
	parts []part // one for each step and judged measure
}

// addition is what one block added.
type addition struct {
	block                     int
	at                        int64 // its end, in Unix nanoseconds
	share                     sources.Share
	shareKnown                bool
	logE, logSafe, harm, safe float64
}

// push appends, and now and then begins new arrays without the old ones.
func (s *steps) push(c addition, parts []part) {
	if len(s.all) >= mostSteps+moreSteps {
		s.all = append(make([]addition, 0, mostSteps+moreSteps), s.all[len(s.all)-mostSteps+1:]...)
		s.parts = append(make([]part, 0, (mostSteps+moreSteps)*len(parts)), s.parts[len(s.parts)-(mostSteps-1)*len(parts):]...)
	}
	s.all, s.parts = append(s.all, c), append(s.parts, parts...)
}

// newest are those that are shown, oldest first. The measures' names are those of their parts.
func (s *steps) newest(measures []string) []analysis.Contribution {
	first := max(0, len(s.all)-mostSteps)
	out := make([]analysis.Contribution, 0, len(s.all)-first)
	for i, c := range s.all[first:] {
		shown := analysis.Contribution{Block: c.block, At: time.Unix(0, c.at).UTC(), LogE: c.logE, LogSafe: c.logSafe, Harm: c.harm, Safe: c.safe}
		shown.Split = sources.Split{Known: c.shareKnown, Candidate: c.share}
		for k, name := range measures {
			shown.Parts = append(shown.Parts, s.parts[(first+i)*len(measures)+k].shown(name))
		}
		out = append(out, shown)
	}
	return out
}

// step notes what the block that was just judged said. The confidence sequence is solved only for blocks that may be
// shown: it costs more than the judgement.
func (ev *Case) step(b *dossier.Block) {
	n := ev.judge.Newest()
	c := addition{
		block: n.Block, at: n.End.UnixNano(), shareKnown: b.ShareKnown,
		logE: n.LogE, logSafe: n.LogSafe, harm: ev.judge.LogHarm(), safe: ev.judge.LogSafe(),
	}
	if b.ShareKnown {
		c.share = sources.ShareOf(b.Share)
	}
	shown := n.End.After(ev.until.Add(-mostSteps * ev.cfg.Step))
	parts := make([]part, 0, len(ev.judge.Measures()))
	for i, m := range ev.judge.Measures() {
		parts = append(parts, ev.part(b, i, m, shown))
	}
	if slices.ContainsFunc(parts, func(p part) bool { return p.lost.Legacy || p.lost.Candidate }) {
		ev.unlike++
	}
	ev.steps.push(c, parts)
	ev.explained = nil
}

// Explanation returns what says where the evidence is from, as of the newest block. It is made once for each block, and only
// when somebody asks.
func (ev *Case) Explanation() func() analysis.Explanation {
	if ev.judge == nil {
		return func() analysis.Explanation { return analysis.Explanation{} }
	}
	if ev.explained != nil {
		return ev.explained
	}
	of, top, measures := ev.steps, ev.judge.Top(), make([]string, 0, len(ev.judge.Measures()))
	for _, m := range ev.judge.Measures() {
		measures = append(measures, m.Spec.Name)
	}
	ev.explained = sync.OnceValue(func() analysis.Explanation { return of.explain(top, measures) })
	return ev.explained
}

// explain names the newest blocks, and those that added most: of old ones only what the judge keeps of them.
func (s *steps) explain(top []score.Contribution, measures []string) analysis.Explanation {
	x := analysis.Explanation{Newest: s.newest(measures)}
	for _, c := range top {
		shown := analysis.Contribution{Block: c.Block, At: c.End, LogE: c.LogE, LogSafe: c.LogSafe}
		if i := slices.IndexFunc(x.Newest, func(n analysis.Contribution) bool { return n.Block == c.Block }); i >= 0 {
			shown = x.Newest[i]
		}
		x.Top = append(x.Top, shown)
	}
	return x
}
