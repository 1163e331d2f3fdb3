package audit

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// salvaged tells what is left of a journal: the texts of whole lines, and what is wrong.
func salvaged(t *testing.T, path string) (texts, wrong []string) {
	t.Helper()
	for l, err := range Salvage(t.Context(), path) {
		if err != nil {
			t.Fatal(err)
		}
		if l.Whole {
			texts = append(texts, l.Entry.Text)
		}
		if l.Broken != nil {
			wrong = append(wrong, l.Broken.Error())
		}
	}
	return texts, wrong
}

func TestSalvage_ReadsOnBehindWhatIsBroken(t *testing.T) {
	flip := func(line int) func([]byte) []byte {
		return func(b []byte) []byte {
			lines := bytes.SplitAfter(b, []byte("\n"))
			at := bytes.Index(lines[line], []byte("ana")) // a letter of a value: it stays JSON
			lines[line][at] ^= 1
			return bytes.Join(lines, nil)
		}
	}
	for name, c := range map[string]struct {
		do    func([]byte) []byte
		left  int
		wrong string
	}{
		"whole":         {func(b []byte) []byte { return b }, 5, ""},
		"first line":    {flip(0), 4, "line 1: its content does not fit its hash"},
		"in the middle": {flip(2), 4, "line 3: its content does not fit its hash"},
		"last line":     {flip(4), 4, "line 5: its content does not fit its hash"},
		"a line taken out": {func(b []byte) []byte {
			l := bytes.SplitAfter(b, []byte("\n"))
			return bytes.Join(append(l[:1:1], l[2:]...), nil)
		}, 4, "line 2: entry 3 comes after entry 1"},
		"torn at its end": {func(b []byte) []byte { return b[:len(b)-9] }, 4, "line 5: torn"},
		"empty":           {func([]byte) []byte { return nil }, 0, "line 1: entries 1 to 5 were written and are gone"},
		"no text at all":  {func(b []byte) []byte { return append([]byte("\x00\xff\n"), b...) }, 5, "line 1: no entry"},
	} {
		t.Run(name, func(t *testing.T) {
			_, path := written(t, 5)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, c.do(b), 0o600); err != nil {
				t.Fatal(err)
			}
			left, wrong := salvaged(t, path)
			if len(left) != c.left {
				t.Errorf("%d whole lines, want %d: %q", len(left), c.left, left)
			}
			if c.wrong == "" && len(wrong) > 0 || c.wrong != "" && (len(wrong) != 1 || !strings.HasPrefix(wrong[0], c.wrong)) {
				t.Errorf("told %q, want %q alone", wrong, c.wrong)
			}
		})
	}
}

func TestSalvage_SaysWhyNothingCanBeRead(t *testing.T) {
	for _, path := range []string{t.TempDir(), t.TempDir() + "/none"} {
		n := 0
		for l, err := range Salvage(t.Context(), path) {
			if n++; err == nil || l.Read {
				t.Errorf("%s: %+v, %v", path, l, err)
			}
		}
		if n != 1 {
			t.Errorf("%s: told %d times", path, n)
		}
	}
}
