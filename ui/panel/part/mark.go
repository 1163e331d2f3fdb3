package part

import (
	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/ui/cell"
)

// markOf is how a finding's mark is drawn. MarkWarn has no counterpart there; warnMark draws it.
func markOf(m analysis.Mark) cell.Mark {
	switch m {
	case analysis.MarkWorse:
		return cell.Worse
	case analysis.MarkBetter:
		return cell.Better
	case analysis.MarkUndecided:
		return cell.Undecided
	case analysis.MarkReport:
		return cell.Report
	case analysis.MarkMissing:
		return cell.Missing
	case analysis.MarkSafe:
		return cell.Safe
	case analysis.MarkNone, analysis.MarkWarn:
	}
	return cell.NoMark
}

// GlyphOf is a mark as one character with its tone.
func GlyphOf(m analysis.Mark) cell.Line {
	if m == analysis.MarkWarn {
		return cell.Say(cell.Warn, "!")
	}
	return markOf(m).Line()
}

// Glyph is a mark as one character without its tone, for texts outside the screen.
func Glyph(m analysis.Mark) string {
	if line := GlyphOf(m); line.Width() > 0 {
		return line.String()
	}
	return " "
}

// ToneOf is how a number is drawn that a mark speaks of; numbers that nothing is said of are plain.
func ToneOf(m analysis.Mark) cell.Tone {
	switch m {
	case analysis.MarkWarn:
		return cell.Warn
	case analysis.MarkWorse, analysis.MarkBetter, analysis.MarkSafe:
		return markOf(m).Tone()
	case analysis.MarkNone, analysis.MarkUndecided, analysis.MarkReport, analysis.MarkMissing:
	}
	return cell.Plain
}

// CallMark is the mark of a call.
func CallMark(c analysis.Call) cell.Mark {
	switch c {
	case analysis.Worse:
		return cell.Worse
	case analysis.Safe:
		return cell.Safe
	case analysis.Undecided:
		return cell.Undecided
	case analysis.Stale:
		return cell.OldMark
	case analysis.NoData:
		return cell.Missing
	case analysis.NoCandidateTraffic:
		return cell.NoCandidate
	case analysis.CallUnknown:
	}
	return cell.NoMark
}

// SourceTone is how a source's state is drawn.
func SourceTone(s frame.SourceState) cell.Tone {
	switch s {
	case frame.SourceLive:
		return cell.Good
	case frame.SourceStale, frame.SourceEmpty:
		return cell.Warn
	case frame.SourceDown:
		return cell.Bad
	case frame.SourceWaiting:
		return cell.Unknown
	case frame.SourceAbsent:
	}
	return cell.Dim
}

// SourceGlyph tells the states apart without colour.
func SourceGlyph(s frame.SourceState) string {
	switch s {
	case frame.SourceLive:
		return "●"
	case frame.SourceStale:
		return "~"
	case frame.SourceEmpty:
		return "—"
	case frame.SourceDown:
		return "!"
	case frame.SourceWaiting, frame.SourceAbsent:
	}
	return "○"
}
