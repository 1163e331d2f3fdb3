package cell

// Mark heads a row with what it says, as a glyph and as a tone, so that a column of marks reads without colour, at 60
// columns, and aloud. The zero value marks nothing.
type Mark uint8

// The marks.
const (
	NoMark      Mark = iota
	Worse            // over its limit or judged worse
	Better           // judged better
	Undecided        // not enough evidence yet
	Report           // shown, not judged
	Missing          // nothing to show, and why is said beside it
	Safe             // judged safe
	OldMark          // too old to act on
	NoCandidate      // the candidate gets no traffic
)

// Glyph is one column wide.
func (m Mark) Glyph() string {
	switch m {
	case Worse:
		return "▲"
	case Better:
		return "▼"
	case Undecided:
		return "?"
	case Report:
		return "·"
	case Missing:
		return "—"
	case Safe:
		return "✓"
	case OldMark:
		return "~"
	case NoCandidate:
		return "○"
	case NoMark:
	}
	return " "
}

// Tone is how the mark is drawn.
func (m Mark) Tone() Tone {
	switch m {
	case Worse:
		return Bad
	case Better, Safe:
		return Good
	case Undecided, NoCandidate:
		return Unknown
	case Report:
		return Note
	case Missing:
		return Dim
	case OldMark:
		return Stale
	case NoMark:
	}
	return Plain
}

// Badge is the tone of a filled word of the same meaning.
func (m Mark) Badge() Tone {
	switch m {
	case Worse:
		return BadBadge
	case Better, Safe:
		return GoodBadge
	case OldMark, Missing:
		return WarnBadge
	case Undecided, NoCandidate, Report, NoMark:
	}
	return UnknownBadge
}

// Line is the mark as a line.
func (m Mark) Line() Line { return Say(m.Tone(), m.Glyph()) }
