package cell

// Tone is what a cell means, before any colour. The zero value is plain text.
type Tone uint8

// The tones of the screen; themes.Tones has an ink for each.
const (
	Plain  Tone = iota
	Dim         // there for reference, not for the eye at 3 am
	Title       // a panel's name
	Head        // a column's head
	Rule        // the lines of boxes and separators
	Accent      // the focused box, what has the keys now
	Key         // a key that can be pressed

	Good    // within limits, healthy, safe
	Warn    // worth a look, near a limit
	Bad     // worse, over a limit, failed
	Unknown // undecided, no data, not known because
	Note    // report only, a doubt shown with a number
	Stale   // too old to act on

	GoodBadge    // a filled word: the call or a state in the header
	WarnBadge    // likewise
	BadBadge     // likewise
	UnknownBadge // likewise

	Legacy        // the legacy arm's line, bars and numbers
	Candidate     // the candidate arm's
	LegacyBand    // the interval around the legacy line
	CandidateBand // the interval around the candidate line
	Limit         // a threshold
	Axis          // axes, ticks and their labels
	Tick          // a split change, an action, an alert on the time axis
	Cursor        // the time cursor and the values under it

	Prod     // the stripe of a production context
	Env      // the stripe of any other context
	Selected // the ground of a selected row; as a tone of its own, a selected word
	Match    // a search hit

	toneCount
)

// Tones lists every tone.
func Tones() []Tone {
	out := make([]Tone, toneCount)
	for i := range out {
		out[i] = Tone(i)
	}
	return out
}

// String returns the tone's name as theme files spell it.
func (t Tone) String() string {
	names := [toneCount]string{
		"plain", "dim", "title", "head", "rule", "accent", "key",
		"good", "warn", "bad", "unknown", "note", "stale",
		"good_badge", "warn_badge", "bad_badge", "unknown_badge",
		"legacy", "candidate", "legacy_band", "candidate_band", "limit", "axis", "tick", "cursor",
		"prod", "env", "selected", "match",
	}
	if t >= toneCount {
		return "tone?"
	}
	return names[t]
}
