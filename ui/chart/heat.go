package chart

import "rampart/ui/cell"

// Heat draws how full each class was over time: a row for each class, the first at the bottom, a column for each step of
// time, the newest on the right, and darker where the share of that step is larger: ░▒▓█. A share above nothing is
// never blank; a step that is not known (NaN) is drawn as a gap. Shares are 0 to 1 and every step is scaled by top.
func Heat(classes [][]float64, top float64, w, h int, tone cell.Tone) cell.Grid {
	g := cell.New(w, h)
	for i, steps := range classes {
		y := h - 1 - i
		if y < 0 {
			break
		}
		for x := range w {
			v := highest(steps, x, w)
			switch {
			case !finite(v):
				if x >= w-len(steps) {
					g.Mark(x, y, "╌", cell.Rule)
				}
			case v > 0 && top > 0:
				g.Mark(x, y, shade(v/top), tone)
			}
		}
	}
	return g
}

func shade(part float64) string {
	switch {
	case part < 0.125:
		return "·"
	case part < 0.375:
		return "░"
	case part < 0.625:
		return "▒"
	case part < 0.875:
		return "▓"
	}
	return "█"
}
