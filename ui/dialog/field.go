package dialog

import (
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/ui/cell"
)

// mostTyped bounds a field: a paste of a whole file is no answer.
const mostTyped = 2000

// Field is a line of text being typed.
type Field struct {
	text []rune
	at   int
}

// String returns what was typed.
func (f *Field) String() string { return string(f.text) }

// Set replaces the text and puts the cursor behind it.
func (f *Field) Set(s string) {
	f.text = nil
	f.at = 0
	f.Insert(s)
}

// Insert puts text at the cursor. Line ends become blanks, other control characters are left out.
func (f *Field) Insert(s string) {
	for _, r := range s {
		if len(f.text) >= mostTyped {
			return
		}
		if r == '\n' || r == '\t' {
			r = ' '
		}
		if !unicode.IsPrint(r) {
			continue
		}
		f.text = append(f.text[:f.at], append([]rune{r}, f.text[f.at:]...)...)
		f.at++
	}
}

// Key edits the text and tells whether the key meant something to it.
func (f *Field) Key(k tea.Key) bool {
	switch k.Keystroke() {
	case "left", "ctrl+b":
		f.at = max(f.at-1, 0)
	case "right", "ctrl+f":
		f.at = min(f.at+1, len(f.text))
	case "home", "ctrl+a":
		f.at = 0
	case "end", "ctrl+e":
		f.at = len(f.text)
	case "backspace", "ctrl+h":
		f.cut(f.at-1, f.at)
	case "delete", "ctrl+d":
		f.cut(f.at, f.at+1)
	case "ctrl+u":
		f.cut(0, f.at)
	case "ctrl+k":
		f.cut(f.at, len(f.text))
	case "ctrl+w", "alt+backspace":
		f.cut(f.word(), f.at)
	default:
		if k.Text == "" || k.Mod&(tea.ModCtrl|tea.ModAlt) != 0 {
			return false
		}
		f.Insert(k.Text)
	}
	return true
}

func (f *Field) cut(from, to int) {
	from, to = max(from, 0), min(to, len(f.text))
	if from >= to {
		return
	}
	f.text = append(f.text[:from], f.text[to:]...)
	f.at = from
}

// word is where the word before the cursor begins.
func (f *Field) word() int {
	head := strings.TrimRight(string(f.text[:f.at]), " ")
	return len([]rune(head[:strings.LastIndexByte(head, ' ')+1]))
}

// View draws the end of the text that the cursor is in, w columns wide, and returns the cursor's column.
func (f *Field) View(w int) (cell.Line, int) {
	from := 0
	for from < f.at && cell.Width(sources.Visible(string(f.text[from:f.at]))) >= w {
		from++
	}
	head := sources.Visible(string(f.text[from:f.at]))
	return cell.Say(cell.Plain, head+sources.Visible(string(f.text[f.at:]))), cell.Width(head)
}
