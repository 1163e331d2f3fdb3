package logview

import (
	"time"
	"unicode"
	"unicode/utf8"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// perColumn is how many bytes of a text are looked at for each column of the screen: no more than this counts, so that a
// line of megabytes is drawn as fast as one of words.
const perColumn = 8

// margin is the room in front of a message: pointer, mark, time and arm.
func (l *Logs) margin(w int) int {
	if w < 80 {
		return 3 + 9 + 2
	}
	return 3 + 13 + 5
}

// rows draws one line: cut or wrapped behind its margin.
func (l *Logs) rows(i int, st part.State, w int, columns []int) []cell.Line {
	line := l.lines[i]
	sign := cell.Say(cell.Plain, " ")
	if l.marks.has(line.ID) {
		sign = cell.Say(cell.Accent, "◆")
	}
	lead := cell.Say(cell.Plain, " ").With(levelMark(line.Level), sign, l.stamp(line, st, w), l.pinned(line, columns))
	margin := l.margin(w) + pinWidth(columns)
	if !l.wrap {
		return []cell.Line{lead.With(skip(l.lit(line, l.x+l.width+1), l.x)).Clip(w)}
	}
	var out []cell.Line
	for n, piece := range l.folded(i) {
		if n == 0 {
			out = append(out, lead.With(piece))
			continue
		}
		out = append(out, cell.Say(cell.Plain, part.Pad("", margin)).With(piece))
	}
	if len(out) == 0 {
		out = append(out, lead)
	}
	return out
}

func pinWidth(columns []int) (n int) {
	for _, c := range columns {
		n += c + 1
	}
	return n
}

// wrapped is a message in rows of w columns, at most most of them; the last says when there is more.
func (l *Logs) wrapped(line frame.LogLine, w, most int) []cell.Line {
	most = max(1, most)
	rows := cell.Wrap(l.lit(line, w*(most+1)), w)
	if len(rows) > most {
		rows = rows[:most]
		rows[most-1] = cell.Say(cell.Dim, "… "+cell.Count(int64(line.Message.Len()))+" bytes in all: enter").Clip(w)
	}
	return rows
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
	if day := line.At.In(st.Location()); day.YearDay() != st.Now.In(st.Location()).YearDay() || day.Year() != st.Now.In(st.Location()).Year() {
		text = day.Format("01-02 15:04:05")[:min(room-1, 14)]
	}
	if l.ages {
		text = st.Recent(line.At)
	}
	switch {
	case line.At.After(st.Now.Add(ahead)):
		tone = cell.Warn
		text = "+" + cell.Age(line.At.Sub(st.Now))
	case line.Late:
		tone = cell.Warn
	}
	if !l.cursor.IsZero() && !l.leads && line.At.Sub(l.cursor).Abs() <= time.Second {
		tone = cell.Cursor
	}
	side := cell.Legacy
	if line.Arm == sources.Candidate {
		side = cell.Candidate
	}
	return cell.Say(tone, part.Pad(clip(text, room-1), room)).And(side, arm)
}

// ahead is how far a line's clock may run before ours until the line is said to come from the future.
const ahead = time.Minute

// lit is the part of a message that n columns can show, with the search's matches lit up; lines beyond the time cursor's
// surroundings are dim.
func (l *Logs) lit(line frame.LogLine, n int) cell.Line {
	tone := cell.Plain
	if !l.cursor.IsZero() && !l.leads && line.At.Sub(l.cursor).Abs() > around {
		tone = cell.Dim
	}
	text := head(line.Message, n)
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

// head is as much of a text as n columns may need, and a little more. Of plain letters that is a byte each.
func head(t sources.Text, n int) string {
	if s := t.Head(n + 1); len(s) > n && isASCII(s) || t.Len() <= n+1 {
		return s
	}
	return t.Head((n + 1) * perColumn)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// prefix is the first n bytes of a text, no character cut in half, and whether anything is left out.
func prefix(text string, n int) (string, bool) {
	if len(text) <= n {
		return text, false
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n], true
}

// skip leaves out the first n columns of a line. A wide character that is cut in half leaves a blank.
func skip(line cell.Line, n int) cell.Line {
	for n > 0 && len(line) > 0 {
		s := line[0]
		rest, left := behind(s.Text, n)
		switch {
		case left > 0 || rest == "":
			n, line = left, line[1:]
		case left < 0:
			return append(cell.Line{{Text: " " + rest, Tone: s.Tone}}, line[1:]...)
		default:
			return append(cell.Line{{Text: rest, Tone: s.Tone}}, line[1:]...)
		}
	}
	return line
}

// behind is a text without its first n columns, and how many columns it was short of them; -1 when half a wide character
// was taken with them.
func behind(text string, n int) (rest string, left int) {
	for i, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
			continue // stands on the character before it
		case n <= 0:
			return text[i:], n
		case r < utf8.RuneSelf:
			n--
		default:
			n -= cell.Width(string(r))
		}
	}
	return "", max(n, 0)
}
