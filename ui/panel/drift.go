package panel

import (
	"fmt"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/chart"
	"rampart/ui/panel/part"
)

// Drift is panel 3: how differently features and scores are distributed in both arms, the most different first, and the
// selected one cell by cell; below them what log lines say of predictions.
type Drift struct {
	part.Still
	part.List
}

// Name is the panel's word.
func (*Drift) Name() string { return "drift" }

// Title is the panel's heading.
func (*Drift) Title() string { return "3 drift" }

// View draws the features, and the selected one beside or below them.
func (d *Drift) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || len(f.Drift) == 0 {
		return part.Note(box, f, noDrift(f))
	}
	g := cell.New(box.W, box.H)
	if said := predictionTable(f.Said, box.W, box.H/3); said.H > 0 && box.H >= 20 && !st.Wide {
		box.H -= said.H
		g.Blit(0, box.H, said)
	}
	switch {
	case st.Wide:
		d.Fit(len(f.Drift), box.H)
		g.Blit(0, 0, d.detail(f, box.W, box.H))
	case box.W >= 150:
		half := box.W * 11 / 20
		g.Blit(0, 0, d.table(f, half, box.H))
		g.Blit(half+1, 0, d.detail(f, box.W-half-1, box.H))
	default:
		h := min(len(f.Drift)+1, d.tableHeight(f, box))
		g.Blit(0, 0, d.table(f, box.W, h))
		g.Blit(0, h, d.detail(f, box.W, box.H-h))
	}
	return g
}

// noDrift says why there is no feature: none is asked for, or none was read yet.
func noDrift(f *frame.Frame) string {
	if len(rowsOf(f, analysis.Distribution, analysis.Distributions, analysis.Gauges)) > 0 {
		return "no distribution of features or scores was read yet"
	}
	return "no drift measure is configured: histograms of features or scores"
}

// tableHeight leaves the cells below it two rows each, one for each arm, or one row where two would leave no features to
// choose from: what the cells do not fill is the features'. The feature with the most cells counts, so that nothing jumps
// while the selection moves.
func (d *Drift) tableHeight(f *frame.Frame, box part.Box) int {
	const frameRows, least = 2, 4
	cells := 0
	for _, x := range f.Drift {
		cells = max(cells, len(x.Cells.Legacy), len(x.Cells.Candidate))
	}
	around := frameRows + driftWords(f.Drift[min(d.Sel, len(f.Drift)-1)], box.W-2).H
	if h := box.H - 2*cells - around; h >= max(least, box.H/6) {
		return h
	}
	return max(least, box.H-cells-around)
}

func (d *Drift) table(f *frame.Frame, w, h int) cell.Grid {
	t := cell.Table{Columns: []cell.Column{
		{Head: "FEATURE", Min: 22, Keep: 9, Grow: true},
		{Head: "  PSI", Keep: 8, Right: true},
		{Head: " NULL", Keep: 7, Right: true},
		{Head: "LIMIT", Keep: 6, Right: true},
		{Head: "MEAN LEG", Keep: 4, Right: true},
		{Head: "MEAN CAND", Keep: 5, Right: true},
		{Head: "  JS", Keep: 2, Right: true},
		{Head: "  W1", Keep: 1, Right: true},
		{Head: "  KS", Keep: 2, Right: true},
		{Head: "N LEG/CAND", Keep: 3, Right: true},
	}}
	marks := make([]analysis.Mark, len(f.Drift))
	for i, x := range f.Drift {
		marks[i] = x.Mark
		legacy, candidate := part.Pair(x.Legacy, x.Candidate)
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Plain, x.Name), cell.Say(part.ToneOf(x.Mark), part.Two(x.PSI)), cell.Say(cell.Dim, part.Two(x.PSINull)), cell.Say(cell.Limit, part.Two(x.Limit)),
			cell.Say(cell.Plain, legacy), cell.Say(cell.Plain, candidate), cell.Say(cell.Dim, part.Two(x.JS)), cell.Say(cell.Dim, part.Two(x.W1)),
			cell.Say(cell.Dim, part.Two(x.KS)), cell.Say(cell.Dim, part.Counts(x.N, true)),
		}})
	}
	return d.Draw(t, marks, w, h)
}

// detail draws the selected feature: what is known of it in words, and its cells.
func (d *Drift) detail(f *frame.Frame, w, h int) cell.Grid {
	x := f.Drift[d.Sel]
	box := cell.Box{
		Title:  cell.Say(cell.Title, x.Name+" ").With(part.GlyphOf(x.Mark)),
		Legend: cell.Say(cell.Legacy, "─ leg %").And(cell.Plain, " ").And(cell.Candidate, "━ cand %"),
		Foot:   cell.Say(cell.Dim, x.Binning).Clip(max(0, w-6)),
	}
	iw, ih := box.Inside(w, h)
	said := driftWords(x, iw)
	inside := cell.New(iw, ih)
	inside.Blit(0, 0, said)
	inside.Blit(1, said.H, chart.Pairs(part.PairsOf(x), iw-2, ih-said.H))
	return box.Around(w, h, inside)
}

// driftWords says what a feature's distances amount to.
func driftWords(x frame.Feature, w int) cell.Grid {
	line := part.PSI(x)
	if !x.PSI.Known {
		line = cell.Say(cell.Unknown, "PSI "+part.Explained(x.PSI))
	}
	if x.Limit.Known {
		line = line.And(cell.Dim, ", limit ").And(cell.Limit, part.Two(x.Limit))
	}
	line = line.And(cell.Dim, fmt.Sprintf(" · JS %s · W1 %s · KS %s", part.Two(x.JS), part.Two(x.W1), part.Two(x.KS)))
	if x.KSP.Known {
		line = line.And(cell.Dim, " (p "+part.Two(x.KSP)+")")
	}
	line = line.And(cell.Dim, " · n "+part.Counts(sources.ByArm[int64]{Legacy: x.N.Legacy, Candidate: x.N.Candidate}, false))
	for _, n := range x.Notes {
		line = line.And(cell.Dim, " · ").And(cell.Note, n.Text.String())
	}
	return part.Paragraph(w, line)
}

// Selected is the selected feature in words.
func (d *Drift) Selected(f *frame.Frame) string {
	if f == nil || d.Sel >= len(f.Drift) {
		return ""
	}
	return f.Drift[d.Sel].Name + ": " + driftWords(f.Drift[d.Sel], 400).String()
}

// Hints are the keys that matter most.
func (*Drift) Hints() []part.Hint {
	return []part.Hint{
		{Key: "R", Does: "roll back"},
		{Key: "j k", Does: "feature"},
		{Key: "z", Does: "expand"},
		{Key: "y", Does: "copy"},
		{Key: "i", Does: "query"},
		{Key: "esc", Does: "overview"},
		{Key: "?", Does: "help"},
	}
}
