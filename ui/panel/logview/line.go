package logview

import (
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// margin is the room in front of a message: pointer, mark, time and arm.
func (l *Logs) margin(w int) int {
	if w < 80 {
		return 3 + 9 + 2
	}
	return 3 + 13 + 5
}

// rows draws one line: cut or wrapped behind its margin.
func (l *Logs) rows(i int, st part.State, w int) []cell.Line {
	line := l.lines[i]
	margin := l.margin(w)
	l.width = max(8, w-margin)
	head := cell.Say(cell.Plain, " ").With(levelMark(line.Level)).And(cell.Plain, " ").With(l.stamp(line, st, w))
	message := l.lit(line)
	if !l.wrap {
		return []cell.Line{head.With(skip(message, l.x)).Clip(w)}
	}
	var out []cell.Line
	for n, piece := range cell.Wrap(message, l.width) {
		if n == 0 {
			out = append(out, head.With(piece))
			continue
		}
		out = append(out, cell.Say(cell.Plain, part.Pad("", margin)).With(piece))
	}
	if len(out) == 0 {
		out = append(out, head)
	}
	return out
}

// stamp is a line's time, or age, and its arm.
func (l *Logs) stamp(line frame.LogLine, st part.State, w int) cell.Line {
	layout, room, arm := "15:04:05.000", 13, "leg  "
	if line.Arm == sources.Candidate {
		arm = "cand "
	}
	if w < 80 {
		layout, room, arm = "15:04:05", 9, arm[:1]+" "
	}
	text, tone := line.At.In(st.Location()).Format(layout), cell.Dim
	if l.ages {
		text = st.Recent(line.At)
	}
	if line.Late {
		tone = cell.Warn
	}
	if !l.cursor.IsZero() && line.At.Sub(l.cursor).Abs() <= time.Second {
		tone = cell.Cursor
	}
	side := cell.Legacy
	if line.Arm == sources.Candidate {
		side = cell.Candidate
	}
	return cell.Say(tone, part.Pad(text, room)).And(side, arm)
}

// lit is a message with the search's matches lit up; lines beyond the time cursor's surroundings are dim.
func (l *Logs) lit(line frame.LogLine) cell.Line {
	tone := cell.Plain
	if !l.cursor.IsZero() && line.At.Sub(l.cursor).Abs() > around {
		tone = cell.Dim
	}
	text := line.Message.String()
	if line.Late {
		text = "(late) " + text
	}
	if l.search.re == nil {
		return cell.Say(tone, text)
	}
	var out cell.Line
	from := 0
	for _, at := range l.search.re.FindAllStringIndex(text, 32) {
		if at[0] == at[1] {
			continue
		}
		out = out.And(tone, text[from:at[0]]).And(cell.Match, text[at[0]:at[1]])
		from = at[1]
	}
	return out.And(tone, text[from:])
}

// skip leaves out the first n columns of a line.
func skip(line cell.Line, n int) cell.Line {
	if n <= 0 {
		return line
	}
	var out cell.Line
	for _, s := range line {
		for _, r := range s.Text {
			if n > 0 {
				n -= max(1, cell.Width(string(r)))
				continue
			}
			out = out.And(s.Tone, string(r))
		}
	}
	return out
}
