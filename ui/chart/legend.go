package chart

import "rampart/ui/cell"

// Legend says which line is which, for the edge of the chart's box: "┈ leg ─ cand ┄ limit". Under a cursor it says the
// values there instead, with their intervals: "14:01:40 leg 0.43 cand 1.43 (0.91–1.95)". Ribbon names what these are.
func (c Chart) Legend() cell.Line {
	if !c.Cursor.IsZero() {
		return c.readout()
	}
	var line cell.Line
	for _, s := range c.Series {
		glyph := "─ "
		if s.Dotted {
			glyph = "┈ "
		}
		line = line.And(s.Tone, glyph+s.Name+" ")
	}
	for _, l := range c.Limits {
		line = line.And(cell.Limit, "┄ "+l.Name+" ")
	}
	if c.Ribbon != "" {
		line = line.And(cell.Dim, "⢕ "+c.Ribbon+" ")
	}
	return trim(line)
}

// readout says the values under the cursor.
func (c Chart) readout() cell.Line {
	line := cell.Say(cell.Cursor, c.Cursor.In(c.zone()).Format("15:04:05")+" ")
	all := c.underCursorValues()
	for _, s := range c.Series {
		text := s.Name + " " + cell.None + " "
		if p, ok := c.At(s); ok {
			text = s.Name + " " + c.Unit.value(p.V, all...)
			if s.Band != cell.Plain && hasBand(p) {
				text += cell.Within(c.Unit.value(p.Lo, all...), c.Unit.value(p.Hi, all...))
			}
			text += " "
		}
		line = line.And(s.Tone, text)
	}
	return trim(line)
}

// underCursorValues are the values of all series at the cursor.
func (c Chart) underCursorValues() []float64 {
	var all []float64
	for _, s := range c.Series {
		if p, ok := c.At(s); ok {
			all = append(all, p.V)
		}
	}
	return all
}

// trim takes the last blank off a line.
func trim(line cell.Line) cell.Line {
	if n := len(line); n > 0 {
		text := line[n-1].Text
		line[n-1].Text = text[:len(text)-1]
	}
	return line
}
