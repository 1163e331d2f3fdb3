package audit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

// readFrom reads a journal from a number on.
func readFrom(tb testing.TB, j *Journal, from uint64) ([]string, error) {
	tb.Helper()
	var out []string
	for e, err := range j.Entries(tb.Context(), from) {
		if err != nil {
			return out, err
		}
		out = append(out, fmt.Sprint(e.Seq, " ", e.Text))
	}
	return out, nil
}

func TestEntries_AreTheSameHoweverMuchWasReadBeforeAndByWhom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		path := filepath.Join(t.TempDir(), fmt.Sprint(rapid.Uint64().Draw(rt, "folder")), "audit.jsonl")
		size := rapid.Int64Range(300, 3000).Draw(rt, "size of a file")
		var two []*Journal
		for range 2 {
			j, err := Open(path, time.Now)
			if err != nil {
				rt.Fatal(err)
			}
			j.RotateAt(size)
			two = append(two, j)
		}
		var all []string
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			j := two[rapid.IntRange(0, 1).Draw(rt, "which process")]
			if rapid.Bool().Draw(rt, "writes") {
				e, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote, Text: strings.Repeat("x", rapid.IntRange(0, 400).Draw(rt, "length"))})
				if err != nil {
					rt.Fatal(err)
				}
				all = append(all, fmt.Sprint(e.Seq, " ", e.Text))
				continue
			}
			from := rapid.IntRange(1, len(all)+1).Draw(rt, "from")
			if got, err := readFrom(t, j, uint64(from)); err != nil || !slices.Equal(got, all[from-1:]) {
				rt.Fatalf("from %d: %d entries of %d, %v", from, len(got), len(all), err)
			}
		}
	})
}

func TestEntries_ABitThatIsFlippedInWhatWasReadBeforeIsSeen(t *testing.T) {
	for _, name := range []string{"audit.jsonl", "audit.jsonl.000001"} {
		j := long(t, 40, 8<<10)
		if _, err := readFrom(t, j, 1); err != nil {
			t.Fatal(err)
		}
		if got, err := readFrom(t, j, 41); err != nil || len(got) > 0 {
			t.Fatalf("%q, %v", got, err)
		}
		path := filepath.Join(filepath.Dir(j.path), name)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)/2] ^= 1
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(time.Second)); err != nil { // a clock's tick is not waited for
			t.Fatal(err)
		}
		if _, err := readFrom(t, j, 41); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "line ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJournal_ThatIsGoneUnderAProcessIsToldByWhoReadsItAndByWhatIsWrittenNext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "prod", "audit.jsonl")
	j, err := Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	note := sources.Entry{Kind: sources.EntryNote, Text: "seen"}
	for range 3 {
		if _, err := j.Append(t.Context(), note); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), note); err == nil {
		t.Fatal("it was written to nowhere")
	}
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), note); err != nil {
		t.Fatal(err)
	}
	if _, err := readFrom(t, j, 4); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "another journal than before") {
		t.Errorf("who had read three entries reads on: %v", err)
	}
	if r, err := Verify(t.Context(), path); err != nil || r.Broken != nil || len(r.Gaps) != 1 || !strings.Contains(r.Gaps[0].Text, "entries 1 to 3 were written here") {
		t.Errorf("%+v, %v", r, err)
	}
}
