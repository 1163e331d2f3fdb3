package cell_test

import (
	"testing"

	"rampart/ui/cell"
	"rampart/ui/cell/celltest"
)

func num(s string) cell.Line { return cell.Say(cell.Plain, s) }

// measures is the table of the overview.
func measures() cell.Table {
	t := cell.Table{Selected: 1, Columns: []cell.Column{
		{Head: "MEASURE", Keep: 10, Min: 10},
		{Head: "LEGACY", Keep: 8},
		{Head: "CANDIDATE", Keep: 9},
		{Head: "DIFFERENCE, 95 %", Keep: 7},
		{Head: "LIMIT", Keep: 6},
		{Head: "n LEG / CAND", Keep: 5, Right: true},
		{Head: "AGE", Keep: 4, Right: true},
		{Head: "LEGACY 30m", Keep: 1},
		{Head: "CANDIDATE 30m", Keep: 2},
	}}
	add := func(m cell.Mark, cells ...string) {
		row := cell.TableRow{Mark: m}
		for _, c := range cells {
			row.Cells = append(row.Cells, num(c))
		}
		t.Rows = append(t.Rows, row)
	}
	add(cell.Worse, "errors, app", "0.42 %", "1.69 %", "×4.0 (1.7–8.2)", "×1.1", "23 560 / 1 240", "4 s", "▁▁▁▁▁▁▁▁▁▁", "▁▁▁▁▁▁▅▇▇█")
	add(cell.Worse, "errors, router", "0.43 %", "1.93 %", "×4.5 (2.0–8.9)", "×1.1", "23 561 / 1 243", "3 s", "▁▁▁▁▁▁▁▁▁▁", "▁▁▁▁▁▁▅▇▇█")
	add(cell.Undecided, "over 250 ms", "0.9 %", "1.2 %", "×1.3 (0.6–2.7)", "×1.5", "23 560 / 1 240", "4 s", "▂▂▂▂▂▂▂▂▂▂", "▂▂▂▃▂▃▃▃▃▃")
	add(cell.Report, "p99, cell", "100–250", "250–500 ms", "not evidence", "—", "23 560 / 1 240", "4 s", "in about 11 min")
	add(cell.Report, "features 14", "worst: ctr_7d", "", "PSI .04 (null .01)", ".20", "23 560 / 1 240", "4 s", "▃▅█▅▃▁▁▁▁▁", "▃▅█▅▃▁▁▁▁▁")
	add(cell.Safe, "crashes", "0", "0", "×1.0 (0.9–1.1)", "×2.0", "23 560 / 1 240", "4 s")
	add(cell.Missing, "labels", "none yet, due 15:05", "", "", "—", "0 / 0", "—")
	return t
}

func TestTable_DropsTheLeastNeededColumnsFirst(t *testing.T) {
	celltest.Golden(t, "table_120", measures().Draw(120, 8))
	celltest.Golden(t, "table_80", measures().Draw(80, 8))
	celltest.Golden(t, "table_40", measures().Draw(40, 8))
	celltest.Golden(t, "table_9", measures().Draw(9, 3))
}

func TestTable_SaysHowManyRowsItLeavesOut(t *testing.T) {
	celltest.Golden(t, "table_short", measures().Draw(80, 4))
}

func TestTable_ASelectedRowReadsWithoutColour(t *testing.T) {
	g := measures().Draw(80, 8)
	if g.At(0, 2).Text != "›" || !g.At(20, 2).Lit || g.At(20, 3).Lit {
		t.Errorf("row 1 is not the selected one:\n%s", g)
	}
	if g.At(1, 2).Tone != cell.Bad {
		t.Error("the selection took the mark's tone away")
	}
}

func TestBox_AsOnTheOverview(t *testing.T) {
	chart := cell.New(56, 3)
	chart.Write(0, 1, "  both arms, ribbon, limit", cell.Plain)
	b := cell.Box{
		Title:  cell.Say(cell.Key, "1").And(cell.Title, " errors %"),
		Legend: cell.Say(cell.Limit, "limit ┄┄"),
		Foot:   cell.Say(cell.Dim, "4 s"),
	}
	left := b.Around(58, 5, chart)
	b.Focus = true
	right := b.Around(30, 5, chart)
	celltest.Golden(t, "box", cell.Beside(left, right))
	narrow := cell.Beside(b.Around(12, 3, chart), b.Around(2, 3, chart), b.Around(1, 3, chart))
	celltest.Golden(t, "box_narrow", narrow)
}

func TestRow_DropsWholeItemsUntilTheRestFits(t *testing.T) {
	items := []cell.Item{
		{Line: cell.Say(cell.Prod, "▌PROD▐"), Keep: 9},
		{Line: num("ranker"), Keep: 7},
		{Line: num("candidate 42 (9f3c1) v legacy 41"), Keep: 5},
		{Line: num("evidence since 13:44"), Keep: 3},
		{Line: num("operator · link 180 ms"), Keep: 1, Right: true},
		{Line: num("14:05:32Z"), Keep: 6, Right: true},
		{Line: num("● live 4 s"), Keep: 8, Right: true},
		{},
	}
	var rows []cell.Grid
	for _, w := range []int{120, 90, 70, 50, 30, 20, 5} {
		rows = append(rows, cell.Row(w, 2, items...))
	}
	celltest.Golden(t, "row", cell.Stack(rows...))
}

func TestLines_SaysHowManyItLeavesOut(t *testing.T) {
	celltest.Golden(t, "lines", cell.Lines(20, 2, num("one"), num("two"), num("three")))
}

func TestGlyphs_FoldColumnForColumn(t *testing.T) {
	g := cell.New(40, 6)
	g.Write(0, 0, "┌─ ▲ worse ▼ ✓ ? · — × … ● → ─┐", cell.Plain)
	g.Write(0, 1, "▁▂▃▄▅▆▇█ ▕█░░▏ ┄┄ ┊ ›", cell.Plain)
	g.Write(0, 2, "日本 é naïve", cell.Plain)
	for i, dots := range []string{"⠁", "⠂", "⡀", "⠉", "⣀", "⡇", "⣿", "⢸", "⠤"} {
		g.Mark(i, 3, dots, cell.Legacy)
		g.Mark(i, 4, dots, cell.Candidate)
		g.Mark(i, 5, dots, cell.CandidateBand)
	}
	celltest.Aligned(t, g)
	celltest.Text(t, "glyphs", g.Text(cell.Braille)+"\n\n"+g.Text(cell.Blocks)+"\n\n"+g.Text(cell.ASCII))
}

func TestMark_EachHasAGlyphOfItsOwn(t *testing.T) {
	seen := map[string]cell.Mark{}
	for m := cell.NoMark; m <= cell.NoCandidate; m++ {
		for _, glyphs := range []cell.Glyphs{cell.Braille, cell.ASCII} {
			s := glyphs.String() + glyphs.Draw(cell.Cell{Text: m.Glyph()})
			if other, ok := seen[s]; ok {
				t.Errorf("marks %d and %d look the same: %s", m, other, s)
			}
			seen[s] = m
		}
		if m != cell.NoMark && (m.Tone() == cell.Plain || m.Badge() == cell.Plain) {
			t.Errorf("mark %s has no tone", m.Glyph())
		}
	}
}

func TestTone_NamesAreOneEach(t *testing.T) {
	seen := map[string]bool{}
	for _, tone := range cell.Tones() {
		if seen[tone.String()] || tone.String() == "" {
			t.Errorf("tone %d has no name of its own: %q", tone, tone)
		}
		seen[tone.String()] = true
	}
}
