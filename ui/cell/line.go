package cell

import "strings"

// Span is a piece of text of one tone.
type Span struct {
	Text string
	Tone Tone
}

// Line is a row of spans, not yet bound to a width. Methods return new lines and never change the one they are called on.
type Line []Span

// Say starts a line.
func Say(tone Tone, text string) Line { return Line{{text, tone}} }

// And returns the line with one more span.
func (l Line) And(tone Tone, text string) Line { return append(l[:len(l):len(l)], Span{text, tone}) }

// With returns the line followed by others.
func (l Line) With(more ...Line) Line {
	out := l[:len(l):len(l)]
	for _, m := range more {
		out = append(out, m...)
	}
	return out
}

// Width returns the columns that the line takes.
func (l Line) Width() int {
	n := 0
	for _, s := range l {
		n += Width(s.Text)
	}
	return n
}

// String returns the text alone.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

// In returns the line with every span in one tone.
func (l Line) In(tone Tone) Line {
	out := make(Line, len(l))
	for i, s := range l {
		out[i] = Span{s.Text, tone}
	}
	return out
}

// Clip returns the line cut to w columns; where something was cut the last column is an ellipsis.
func (l Line) Clip(w int) Line {
	if w <= 0 {
		return nil
	}
	if l.Width() <= w {
		return l
	}
	var out Line
	room := w - 1
	for _, s := range l {
		head, used, whole := cut(s.Text, room)
		out = append(out, Span{head, s.Tone})
		room -= used
		if !whole {
			return append(out, Span{"…", s.Tone})
		}
	}
	return out
}

// cut returns the visible text of s that fits into w columns, the columns it takes, and whether that is all of s.
func cut(s string, w int) (head string, used int, whole bool) {
	var b strings.Builder
	for g, width := range graphemes(s) {
		if used+width > w {
			return b.String(), used, false
		}
		b.WriteString(g)
		used += width
	}
	return b.String(), used, true
}

// Show draws the line as a grid of one row and w columns, with an ellipsis where it is cut.
func (l Line) Show(w int) Grid {
	g := New(w, 1)
	g.Put(0, 0, l.Clip(w))
	return g
}

// Ends is a text that keeps both of its ends where there is no room for all of it: names of one family differ at either.
func Ends(s string, w int) string {
	if Width(s) <= w || w < 5 {
		return s
	}
	var all []string
	var widths []int
	for g, width := range graphemes(s) {
		all, widths = append(all, g), append(widths, width)
	}
	head, tail, room := 0, len(all), w-1
	for i := 0; ; i = 1 - i {
		at := head
		if i == 1 {
			at = tail - 1
		}
		if room -= widths[at]; room < 0 {
			return strings.Join(all[:head], "") + "…" + strings.Join(all[tail:], "")
		}
		head, tail = head+1-i, tail-i
	}
}
