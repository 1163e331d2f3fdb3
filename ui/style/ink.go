package style

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"rampart/themes"
	"rampart/ui/cell"
)

// inkOf finds a tone's ink in a theme.
func inkOf(theme themes.Theme, tone cell.Tone) themes.Ink {
	t := &theme.Tones
	inks := map[cell.Tone]themes.Ink{
		cell.Plain: t.Plain, cell.Dim: t.Dim, cell.Title: t.Title, cell.Head: t.Head, cell.Rule: t.Rule,
		cell.Accent: t.Accent, cell.Key: t.Key,
		cell.Good: t.Good, cell.Warn: t.Warn, cell.Bad: t.Bad, cell.Unknown: t.Unknown, cell.Note: t.Note, cell.Stale: t.Stale,
		cell.GoodBadge: t.GoodBadge, cell.WarnBadge: t.WarnBadge, cell.BadBadge: t.BadBadge, cell.UnknownBadge: t.UnknownBadge,
		cell.Legacy: t.Legacy, cell.Candidate: t.Candidate, cell.LegacyBand: t.LegacyBand, cell.CandidateBand: t.CandidateBand,
		cell.Limit: t.Limit, cell.Axis: t.Axis, cell.Tick: t.Tick, cell.Cursor: t.Cursor,
		cell.Prod: t.Prod, cell.Env: t.Env, cell.Selected: t.Selected, cell.Match: t.Match,
	}
	return inks[tone]
}

// onGround is an ink on the ground of a selection. It keeps its own colour where the ground has one to put behind it; on
// a ground that is only reversed the colour goes, because it would become a patch behind every word. What is reversed or
// filled by itself stays as it is.
func onGround(ink, ground themes.Ink) themes.Ink {
	switch {
	case ink.Bg != "" || ink.Reverse:
		return ink
	case ground.Bg != "":
		ink.Bg = ground.Bg
		return ink
	}
	ink.Fg, ink.Faint, ink.Reverse = ground.Fg, false, ground.Reverse
	return ink
}

// lipglossStyle is an ink as far as a profile can show it.
func lipglossStyle(ink themes.Ink, profile colorprofile.Profile) lipgloss.Style {
	s := lipgloss.NewStyle()
	if profile <= colorprofile.NoTTY {
		return s
	}
	if ink.Fg != "" && profile > colorprofile.ASCII {
		s = s.Foreground(profile.Convert(lipgloss.Color(string(ink.Fg))))
	}
	if ink.Bg != "" && profile > colorprofile.ASCII {
		s = s.Background(profile.Convert(lipgloss.Color(string(ink.Bg))))
	}
	return s.Bold(ink.Bold).Faint(ink.Faint).Italic(ink.Italic).Underline(ink.Underline).Reverse(ink.Reverse)
}

// opening is the escape sequence that a style puts before its text.
func opening(s lipgloss.Style) string {
	before, _, _ := strings.Cut(s.Render("x"), "x")
	return before
}
