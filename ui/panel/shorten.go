package panel

import (
	"strings"
	"unicode"

	"rampart/ui/cell"
)

// clause is a part of a sentence with what joins it to the one before.
type clause struct{ joint, text string }

// joints part a sentence.
func joints() []string { return []string{" → ", " · ", "; ", ": ", ", "} }

// clauses takes a sentence apart.
func clauses(text string) []clause {
	var out []clause
	joint := ""
	for text != "" {
		at, by := len(text), ""
		for _, j := range joints() {
			if i := strings.Index(text, j); i >= 0 && i < at {
				at, by = i, j
			}
		}
		out = append(out, clause{joint, text[:at]})
		joint, text = by, text[at+len(by):]
	}
	return out
}

// shorten fits a sentence into w columns by leaving out whole clauses, where "…" then stands: the first stays, what it comes
// to (behind the arrow) next, then what begins a thought of its own or is in capitals, then the rest. Where that leaves much room
// the sentence is cut between words instead: half a number would be another number.
func shorten(line cell.Line, w int) cell.Line {
	if line.Width() <= w || len(line) > 2 || w < 1 {
		return line.Clip(w)
	}
	text := line.String()
	all := clauses(text)
	keep := make([]bool, len(all))
	keep[0] = true
	for _, want := range []func(clause) bool{
		func(c clause) bool { return c.joint == " → " },
		func(c clause) bool { return c.joint == " · " || c.joint == "; " && loud(c.text) },
		func(clause) bool { return true },
	} {
		for i, c := range all {
			if !keep[i] && want(c) {
				keep[i] = true
				keep[i] = cell.Width(joined(all, keep)) <= w
			}
		}
	}
	short := joined(all, keep)
	if cell.Width(short) < w*3/5 {
		short = text
	}
	return toned(line, words(short, w))
}

// loud tells a clause that begins in capitals: BOTH WORSE.
func loud(text string) bool {
	first, _, _ := strings.Cut(text, " ")
	return len(first) > 1 && first == strings.ToUpper(first)
}

// joined are the clauses that are kept, with a mark where any is missing.
func joined(all []clause, keep []bool) string {
	var b strings.Builder
	gap := false
	for i, c := range all {
		if !keep[i] {
			gap = true
			continue
		}
		if gap {
			b.WriteString(" …")
		}
		gap = false
		b.WriteString(c.joint + c.text)
	}
	if gap {
		b.WriteString(" …")
	}
	return b.String()
}

// words cuts a text between words.
func words(text string, w int) string {
	if cell.Width(text) <= w {
		return text
	}
	cut := cell.Say(cell.Plain, text).Clip(w).String()
	at := strings.LastIndexByte(cut, ' ')
	word, _, _ := strings.Cut(text[at+1:], " ")
	if at > 0 && (cell.Width(cut[:at]) >= w/2 || strings.ContainsFunc(word, unicode.IsDigit)) {
		return cut[:at] + "…"
	}
	return cut
}

// toned gives a shortened text the tones of the line that it was; its first span is never shortened away.
func toned(line cell.Line, text string) cell.Line {
	if first := line[0]; len(line) == 2 && strings.HasPrefix(text, first.Text) {
		return cell.Say(first.Tone, first.Text).And(line[1].Tone, text[len(first.Text):])
	}
	return cell.Say(line[len(line)-1].Tone, text)
}
