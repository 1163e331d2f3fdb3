package logbook

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// categories are the kinds of lines, compared per request like templates but among themselves.
func (l *Book) categories() []frame.Category {
	basis := l.peers.kinds.Basis()
	rows := l.peers.kinds.ByID()
	one := sources.ByArm[float64]{Legacy: 1, Candidate: 1}
	var out []frame.Category
	for i, name := range l.cfg.Catalog.Names() {
		id := kindID(i)
		row := rows[id]
		c := frame.Category{
			Name: name, Lines: row.Lines, Mark: analysis.MarkReport, Evidence: analysis.Missing("no line of this kind"), Ratio: analysis.Missing("no line of this kind"),
			Legacy: perThousand(row.Lines.Legacy, basis.Requests.Legacy, 1), Candidate: perThousand(row.Lines.Candidate, basis.Requests.Candidate, 1),
			History: cellsOf(l.peers.kinds.Rates(id, patternCells, l.cellBlocks()), one),
		}
		if row.Lines.Legacy+row.Lines.Candidate > 0 {
			lo, hi, bounded := l.peers.kinds.Interval(id)
			c.Ratio, c.Mark = ratioOf(row, lo, hi, bounded), markOf(row, l.alpha())
			c.Evidence = evidence(row.LogE, row.Lines.Legacy+row.Lines.Candidate)
		}
		out = append(out, c)
	}
	return out
}
