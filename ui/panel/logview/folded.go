package logview

import (
	"bytes"
	"encoding/json"
	"strings"

	"rampart/sources"
	"rampart/ui/cell"
)

// How much of one value is shown: rows of a folded one, rows of an unfolded one, and bytes of either. The rest is said.
const (
	foldedRows   = 3
	unfoldedRows = 500
	valueBytes   = 64 << 10
)

// folded is a value in rows of at most w columns, as many as it may have now; the last says what is left out.
func (o *opened) folded(i int, t sources.Text, w int) []cell.Line {
	text, cut := t.Head(valueBytes), t.Len() > valueBytes
	most := foldedRows
	switch {
	case o.picks:
		return []cell.Line{cell.Say(cell.Plain, head(t, w)).Clip(w)}
	case o.unfolded[i]:
		most = unfoldedRows
	case i == 0:
		most = 2 * foldedRows
	}
	var rows []cell.Line
	left := 0
	for _, line := range pretty(text) {
		if len(rows) > most {
			left++
			continue
		}
		line, _ = prefix(line, (most+1)*w*4)
		rows = append(rows, cell.Wrap(cell.Say(cell.Plain, line), w)...)
	}
	if len(rows) <= most && !cut {
		return rows
	}
	left += max(0, len(rows)-most)
	rows = rows[:min(most, len(rows))]
	say := "… " + cell.Count(int64(left)) + " more rows: enter"
	if o.unfolded[i] {
		say = "… " + cell.Count(int64(t.Len())) + " bytes in all; y copies them"
	}
	return append(rows, cell.Say(cell.Dim, say))
}

// pretty breaks a value into lines: JSON by its structure, anything else where it says \n.
func pretty(text string) []string {
	if body := strings.TrimSpace(text); body != "" && (body[0] == '{' || body[0] == '[') && json.Valid([]byte(body)) && shallow(body) {
		var b bytes.Buffer
		if json.Indent(&b, []byte(body), "", "  ") == nil {
			return strings.Split(b.String(), "\n")
		}
	}
	return strings.Split(strings.TrimSuffix(text, `\n`), `\n`)
}

// mostDepth bounds how deep JSON may be nested to be indented: what is deeper stands on the right of any screen.
const mostDepth = 64

func shallow(s string) bool {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '{', '[':
			if depth++; depth > mostDepth {
				return false
			}
		case '}', ']':
			depth--
		}
	}
	return true
}
