package audit

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

// rotated is a journal of several files.
func rotated(t *testing.T, n int) (*Journal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "odd [name]*", "audit.jsonl")
	j := open(t, path)
	j.RotateAt(500)
	for i := range n {
		add(t, j, fmt.Sprintf("entry %d", i))
	}
	return j, path
}

func TestJournal_OfManyFilesKeepsWhatAllJournalsPromise(t *testing.T) {
	sourcetest.Journal(t, func(t *testing.T) func() sources.Journal {
		path := filepath.Join(t.TempDir(), "audit.jsonl")
		return func() sources.Journal {
			j := open(t, path)
			j.RotateAt(700)
			return j
		}
	})
}

func TestRotate_KeepsTheChainAcrossFilesWhoeverWrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	var writers sync.WaitGroup
	for range 4 { // each is what another process would be: the lock is the file's
		j := open(t, path)
		j.RotateAt(900)
		writers.Go(func() {
			for range 15 {
				if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote, Text: "x"}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	files, err := segmentsOf(path)
	if r := verify(t, path); err != nil || r.Broken != nil || r.Entries != 60 || len(files) < 10 {
		t.Errorf("%v, %d files: %+v", err, len(files), r)
	}
}

func TestRotate_AReaderAndAnEmptyNewFileKnowWhereTheChainStands(t *testing.T) {
	j, path := rotated(t, 7)
	if got := texts(t, j, 2); len(got) != 6 || got[0] != "entry 1" {
		t.Errorf("read %q", got)
	}
	if err := os.Rename(path, path+".000099"); err != nil { // as when a crash came between the two steps
		t.Fatal(err)
	}
	if e := add(t, j, "after"); e.Seq != 8 {
		t.Errorf("the next entry is number %d", e.Seq)
	}
	if r := verify(t, path); r.Broken != nil || r.Entries != 8 {
		t.Errorf("verify: %+v", r)
	}
}

func TestVerify_NamesTheFullFileThatWasHarmedOrIsGone(t *testing.T) {
	_, path := rotated(t, 7)
	files, err := segmentsOf(path)
	if err != nil || len(files) < 3 {
		t.Fatalf("%v, %q", err, files)
	}
	b, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	put(t, files[1], bytes.Replace(b, []byte("entry"), []byte("Entry"), 1))
	if r := verify(t, path); r.Broken == nil || !strings.HasPrefix(r.Broken.Error(), "line 1 of audit.jsonl.000002: its content") {
		t.Errorf("changed: %v", r.Broken)
	}
	if err := os.Remove(files[1]); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, path); r.Broken == nil || !strings.Contains(r.Broken.Error(), "comes after entry") {
		t.Errorf("removed: %v", r.Broken)
	}
}

func TestRepair_GoesBackToTheLastGoodEntryAndKeepsTheRest(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(t *testing.T, path string, files []string)
		last uint64
		kept int
	}{
		"a full file is harmed": {func(t *testing.T, _ string, files []string) { flip(t, files[1], "entry") }, 2, 3},
		"the newest is harmed":  {func(t *testing.T, path string, _ []string) { flip(t, path, "entry") }, 6, 1},
		"the end is gone":       {func(t *testing.T, path string, _ []string) { put(t, path, nil) }, 6, 0},
		"the head is gone":      {func(t *testing.T, path string, _ []string) { put(t, path+headSuffix, nil) }, 7, 0},
		"both are harmed":       {func(t *testing.T, path string, _ []string) { flip(t, path, "entry"); put(t, path+headSuffix, nil) }, 6, 1},
	} {
		t.Run(name, func(t *testing.T) {
			j, path := rotated(t, 7)
			files, err := segmentsOf(path)
			if err != nil || len(files) != 3 {
				t.Fatalf("%v, %q", err, files)
			}
			c.harm(t, path, files)
			r, err := j.Repair(t.Context())
			if err != nil || r.Broken == nil || r.Last != c.last || len(r.Kept) != c.kept {
				t.Fatalf("%v: %+v", err, r)
			}
			if after := verify(t, path); after.Broken != nil || after.Entries != c.last+1 {
				t.Errorf("verify: %+v, %v", after, after.Broken)
			} else if len(after.Mended) != 1 || after.Mended[0].Gap.Last != c.last || !slices.Equal(after.Mended[0].Gap.Kept, r.Kept) {
				t.Errorf("it does not tell for ever where it was broken: %+v", after.Mended)
			}
			got := texts(t, j, c.last+1)
			if len(got) != 1 || !strings.Contains(got[0], "the journal was broken: line ") {
				t.Errorf("it says %q", got)
			}
			add(t, j, "goes on")
		})
	}
}

func TestRepair_LeavesAWholeJournalAlone(t *testing.T) {
	j, path := rotated(t, 7)
	r, err := j.Repair(t.Context())
	if err != nil || r.Broken != nil || verify(t, path).Entries != 7 {
		t.Errorf("%v: %+v", err, r)
	}
}

// flip harms a file by one bit of a word in it.
func flip(t *testing.T, path, word string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	i := bytes.Index(b, []byte(word))
	if i < 0 {
		t.Fatalf("%s holds no %q", path, word)
	}
	b[i] ^= 1
	put(t, path, b)
}
