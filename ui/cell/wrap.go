package cell

import (
	"strings"

	"rampart/sources"
)

// unit is one grapheme of a line that is being wrapped.
type unit struct {
	text  string
	width int
	tone  Tone
}

// Wrap breaks a line between words into lines of at most w columns; a number stays with its unit, and a word that is longer
// than a line is broken where it must be.
// Tones are kept, blanks at a break are not. A width below one gives no lines.
func Wrap(line Line, w int) []Line {
	if w < 1 {
		return nil
	}
	var units []unit
	for _, s := range line {
		for g, width := range graphemes(s.Text) {
			units = append(units, unit{g, width, s.Tone})
		}
	}
	var out []Line
	for len(units) > 0 {
		end, next := fold(units, w)
		out = append(out, spans(units[:end]))
		for next < len(units) && units[next].text == " " {
			next++
		}
		units = units[next:]
	}
	return out
}

// fold finds where a row of w columns ends, and where the next one starts.
func fold(units []unit, w int) (end, next int) {
	used, space, tight := 0, -1, -1
	for i, u := range units {
		if used += u.width; used > w {
			switch {
			case u.text == " " && !tied(units, i):
				return i, i + 1
			case space >= 0:
				return space, space + 1
			case tight >= 0:
				return tight, tight + 1
			}
			return max(1, i), max(1, i)
		}
		switch {
		case u.text != " " || i == 0:
		case tied(units, i):
			tight = i
		default:
			space = i
		}
	}
	return len(units), len(units)
}

// tied tells a blank within a number: between its thousands, or before its unit. A line never ends there, so that "9.91 %"
// and "23 560" are read as one.
func tied(units []unit, i int) bool {
	if i == 0 || i+1 >= len(units) || !digit(units[i-1]) {
		return false
	}
	if digit(units[i+1]) {
		return true
	}
	var word strings.Builder
	for _, u := range units[i+1 : min(len(units), i+6)] {
		if strings.ContainsAny(u.text, " ,;.:)") {
			break
		}
		word.WriteString(u.text)
	}
	switch word.String() {
	case "%", "ms", "s", "min", "h", "d", "rq/s":
		return true
	}
	return false
}

func digit(u unit) bool { return len(u.text) == 1 && u.text[0] >= '0' && u.text[0] <= '9' }

// spans gathers neighbours of one tone.
func spans(units []unit) Line {
	var out Line
	for _, u := range units {
		if n := len(out); n > 0 && out[n-1].Tone == u.tone {
			out[n-1].Text += u.text
			continue
		}
		out = append(out, Span{u.text, u.tone})
	}
	return out
}

// Unfold is Wrap for what a program said: where a line end is spelled out, a row ends. Rows but the first stand a column in.
func Unfold(line Line, w int) []Line {
	rows := []Line{nil}
	for _, s := range line {
		for i, part := range sources.Unfold(s.Text) {
			if i > 0 {
				rows = append(rows, Say(s.Tone, "  "))
			}
			rows[len(rows)-1] = rows[len(rows)-1].And(s.Tone, part)
		}
	}
	var out []Line
	for _, r := range rows {
		out = append(out, Wrap(r, w)...)
	}
	return out
}
