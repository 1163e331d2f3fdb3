package chart

import (
	"strings"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"rampart/ui/cell"
)

// Bar draws a share of 0 to 1 on a track of w columns between its ends: ▕█░░░▏. A share above nothing shows at least a
// sliver, one below the whole never fills the track, and one that is not known leaves a track of blanks.
func Bar(share float64, w int, tone cell.Tone) cell.Line {
	w = max(0, w)
	if !finite(share) {
		return cell.Say(cell.Rule, "▕"+strings.Repeat(" ", w)+"▏")
	}
	full := blocks(share, w)
	rest := strings.Repeat("░", w-cell.Width(full))
	return cell.Say(cell.Rule, "▕").And(tone, full).And(cell.Rule, rest+"▏")
}

// blocks is the filled part of w columns, in eighths.
func blocks(share float64, w int) string {
	if w == 0 || !(share > 0) {
		return ""
	}
	eighths := min(w*8, max(1, round(share*float64(w)*8)))
	if share < 1 {
		eighths = min(eighths, w*8-1)
	}
	s := strings.Repeat("█", eighths/8)
	if part := eighths % 8; part > 0 {
		s += string(runes.LeftBlockElementFromFloat64(float64(part) / 8))
	}
	return s
}
