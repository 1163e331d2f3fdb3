package panel

import (
	"fmt"
	"math"
	"strings"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
	"rampart/ui/panel/part"
)

// splitRow shows the split as asked, set, effective and seen: four readings, none copied from another.
func splitRow(f *frame.Frame, st part.State, w int) cell.Grid {
	t := f.Traffic
	head := cell.Say(cell.Head, "SPLIT")
	if t.Plane == "" {
		line := cell.Say(cell.Dim, "no traffic plane configured · seen ").And(cell.Plain, part.Share(t.Seen)+" %")
		return labelled(w, head, line)
	}
	g := cell.New(w, 1)
	g.Put(1, 0, head)
	g.Blit(labelWidth, 0, cell.Row(w-labelWidth, 1,
		cell.Item{Line: fourSplits(t, w), Keep: 9},
		cell.Item{Line: splitBar(t), Keep: 4},
		cell.Item{Line: readAge(t, st), Keep: 8},
		cell.Item{Line: dotted(changed(t, st)), Keep: 3},
		cell.Item{Line: dotted(held(t)), Keep: 6},
		cell.Item{Line: dotted(trust(f)), Keep: 5},
	))
	return g
}

// fourSplits is the split in its four forms.
func fourSplits(t frame.Traffic, w int) cell.Line {
	apart, effective := "  ", "effective "
	if w < 80 {
		apart, effective = " ", "eff "
	}
	return cell.Say(cell.Dim, "asked ").And(cell.Plain, part.Share(t.Asked)).And(cell.Dim, apart+"set ").And(cell.Plain, part.Share(t.Set)).
		And(cell.Dim, apart+effective).And(cell.Plain, part.Share(t.Effective)).And(cell.Dim, apart+"seen ").And(cell.Plain, part.Pad(part.Share(t.Seen)+" %", seenWidth))
}

// seenWidth keeps what stands behind still while the share that is seen goes to and fro between 9.9 and 10.1 %.
const seenWidth = 6

func dotted(line cell.Line) cell.Line {
	if len(line) == 0 {
		return nil
	}
	return cell.Say(cell.Dim, "· ").With(line)
}

// readAge says when the plane was read, or that it could not be.
func readAge(t frame.Traffic, st part.State) cell.Line {
	if t.Err != "" {
		return cell.Say(cell.Bad, "! read "+st.Recent(t.ReadAt)+" ago, failing")
	}
	return cell.Say(cell.Dim, "read "+st.Recent(t.ReadAt))
}

// changed is the newest change of the set split, and whose it was.
func changed(t frame.Traffic, st part.State) cell.Line {
	n := len(t.History)
	if n < 2 {
		return nil
	}
	from, to := t.History[n-2], t.History[n-1]
	line := cell.Say(cell.Dim, "")
	if !t.By.IsZero() {
		line = line.And(cell.Plain, t.By.String()+" ")
	}
	return line.And(cell.Plain, short(from.Split)+"→"+short(to.Split)+" % ").And(cell.Dim, st.Clock(to.At))
}

// short is a share without a needless decimal: "0", "5", "0.39".
func short(s sources.Split) string {
	return strings.TrimSuffix(strings.TrimSuffix(s.String(), "%"), " ")
}

func held(t frame.Traffic) cell.Line {
	if t.Held == "" {
		return nil
	}
	return cell.Say(cell.Warn, "held: "+strings.TrimPrefix(t.Held, "held "))
}

// trust counts the gauges that give no reason to doubt the numbers.
func trust(f *frame.Frame) cell.Line {
	all := len(f.Verdict.Gauges)
	if all == 0 {
		return nil
	}
	good := 0
	for _, g := range f.Verdict.Gauges {
		if !g.Red {
			good++
		}
	}
	tone := cell.Good
	if good < all {
		tone = cell.Warn
	}
	return cell.Say(cell.Dim, "TRUST ").And(tone, fmt.Sprintf("%d/%d", good, all))
}

// splitBar is the candidate's share of the traffic as far as is known: what the servers amount to, or what is set.
func splitBar(t frame.Traffic) cell.Line {
	s := t.Effective
	if !s.Known {
		s = t.Set
	}
	return shareBar(s, 20)
}

func shareBar(s sources.Split, w int) cell.Line {
	v := math.NaN()
	if s.Known {
		v = s.Candidate.Fraction()
	}
	return chart.Bar(v, w, cell.Candidate)
}
