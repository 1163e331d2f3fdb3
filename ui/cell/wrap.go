package cell

// unit is one grapheme of a line that is being wrapped.
type unit struct {
	text  string
	width int
	tone  Tone
}

// Wrap breaks a line between words into lines of at most w columns; a word longer than that is broken where it must be.
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
	used, space := 0, -1
	for i, u := range units {
		if used += u.width; used > w {
			switch {
			case u.text == " ":
				return i, i + 1
			case space >= 0:
				return space, space + 1
			}
			return max(1, i), max(1, i)
		}
		if u.text == " " && i > 0 {
			space = i
		}
	}
	return len(units), len(units)
}

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
