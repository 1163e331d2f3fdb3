package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rampart/sources"
)

func clock() time.Time { return time.Date(2026, 1, 5, 14, 5, 32, 7, time.UTC) }

func open(t *testing.T, path string) *Journal {
	t.Helper()
	j, err := Open(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// written returns a journal of n entries.
func written(t *testing.T, n int) (*Journal, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "state", "audit.jsonl")
	j := open(t, path)
	for i := range n {
		add(t, j, fmt.Sprintf("entry %d <&> é", i))
	}
	return j, path
}

func add(t *testing.T, j *Journal, text string) sources.Entry {
	t.Helper()
	e, err := j.Append(t.Context(), sources.Entry{
		Kind: sources.EntryIntent, Actor: "ana", Text: text, Data: json.RawMessage("{\n \"share\": \"5 %\"\n}"),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func verify(t testing.TB, path string) Report {
	t.Helper()
	r, err := Verify(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func texts(t *testing.T, j *Journal, from uint64) []string {
	t.Helper()
	var out []string
	for e, err := range j.Entries(t.Context(), from) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e.Text)
	}
	return out
}

func TestJournal_IsReadBackAsItWasWritten(t *testing.T) {
	j, path := written(t, 3)
	if got := texts(t, j, 2); len(got) != 2 || got[0] != "entry 1 <&> é" {
		t.Errorf("from 2 on: %q", got)
	}
	if r := verify(t, path); r.Broken != nil || r.Entries != 3 || !r.Last.Equal(clock()) {
		t.Errorf("verify: %+v", r)
	}
	for _, p := range []string{path, path + headSuffix} {
		if info, err := os.Stat(p); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", p, info.Mode(), err)
		}
	}
	if r := verify(t, open(t, filepath.Join(t.TempDir(), "empty")).Path()); r.Broken != nil || r.Entries != 0 {
		t.Errorf("an empty journal: %+v", r)
	}
}

// damaged verifies a journal that never was a file.
func damaged(t *testing.T, journal, head []byte) Report {
	t.Helper()
	c := &chain{file: bytes.NewReader(journal), size: int64(len(journal))}
	c.head, c.headErr = parseHead(head)
	r, err := c.verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func wholeJournal(t *testing.T) (journal, head []byte) {
	t.Helper()
	_, path := written(t, 3)
	journal, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if head, err = os.ReadFile(path + headSuffix); err != nil {
		t.Fatal(err)
	}
	if r := damaged(t, journal, head); r.Broken != nil || r.Entries != 3 {
		t.Fatalf("undamaged: %+v", r)
	}
	return journal, head
}

func TestVerify_FindsEveryFlippedBit(t *testing.T) {
	journal, head := wholeJournal(t)
	for _, b := range [][]byte{journal, head} {
		for i, was := range b {
			for bit := range 8 {
				b[i] = was ^ 1<<bit
				if r := damaged(t, journal, head); r.Broken == nil {
					t.Fatalf("bit %d of byte %d (%q) is flipped and nobody sees it", bit, i, was)
				}
			}
			b[i] = was
		}
	}
}

func TestVerify_FindsEveryCut(t *testing.T) {
	journal, head := wholeJournal(t)
	for n := range journal {
		if r := damaged(t, journal[:n], head); r.Broken == nil {
			t.Fatalf("%d of %d bytes are left and nobody sees it", n, len(journal))
		}
	}
	line := bytes.IndexByte(journal, '\n') + 1
	for from := range journal {
		for _, length := range []int{1, 10, line} {
			rest := journal[min(from+length, len(journal)):]
			if r := damaged(t, slices.Concat(journal[:from], rest), head); r.Broken == nil {
				t.Fatalf("%d bytes from %d on are gone and nobody sees it", length, from)
			}
		}
	}
}

func TestVerify_NamesTheLineAndTheReason(t *testing.T) {
	_, path := written(t, 3)
	b, _ := os.ReadFile(path)
	lines := strings.SplitAfter(string(b), "\n")
	for name, c := range map[string]struct {
		text, says string
		line       int
	}{
		"forged":  {lines[0] + forged(t, lines[1]) + lines[2], "chained to another entry 2", 3},
		"changed": {strings.Replace(string(b), "entry 1", "entry 9", 1), "content does not fit its hash", 2},
		"removed": {lines[0] + lines[2], "entry 3 comes after entry 1", 2},
		"end cut": {lines[0] + lines[1], "entries 3 to 3 were written and are gone", 3},
		"torn":    {lines[0] + lines[1][:40], "torn", 2},
	} {
		put(t, path, []byte(c.text))
		if r := verify(t, path); r.Broken == nil || r.Broken.Line != c.line || !strings.Contains(r.Broken.Reason, c.says) {
			t.Errorf("%s: %v", name, r.Broken)
		}
	}
}

// forged is an entry of another text with a hash that fits it, as whoever can write the file can make one.
func forged(t *testing.T, line string) string {
	t.Helper()
	e, err := decode([]byte(strings.TrimSuffix(line, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	e.Text = "nothing to see here"
	b, _, err := encode(e)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// /dev/null takes a write and has nothing to sync it to, as a disk that breaks in between.
func TestAppend_WhatWasNotSyncedWasNotWritten(t *testing.T) {
	f, err := os.OpenFile(os.DevNull, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	j := &Journal{path: filepath.Join(t.TempDir(), "audit.jsonl"), now: clock}
	if _, last, err := j.add(f, origin, sources.Entry{Kind: sources.EntryIntent, Text: "rollback"}); err == nil || last != origin {
		t.Errorf("the chain stands at %+v, %v", last, err)
	}
	if _, err := readHead(j.path); !errors.Is(err, errNoHead) {
		t.Errorf("the head names what nobody has: %v", err)
	}
}

func TestAppend_KeepsATornLineBesideTheJournalAndSaysSo(t *testing.T) {
	j, path := written(t, 2)
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"seq":3,"ti`)
	f.Close()
	if e := add(t, j, "after the crash"); e.Seq != 4 {
		t.Errorf("the entry is number %d", e.Seq)
	}
	if got := texts(t, j, 3); len(got) != 2 || !strings.Contains(got[0], "a line of 12 bytes was torn") {
		t.Errorf("entries %q", got)
	}
	if r := verify(t, path); r.Broken != nil {
		t.Errorf("verify: %v", r.Broken)
	}
	kept, err := filepath.Glob(path + ".torn-*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept %q, %v", kept, err)
	}
	if b, _ := os.ReadFile(kept[0]); string(b) != `{"seq":3,"ti` {
		t.Errorf("kept %q", b)
	}
}

func TestAppend_GoesOnAfterEntriesWereCutOffAndNeverHidesIt(t *testing.T) {
	j, path := written(t, 3)
	b, _ := os.ReadFile(path)
	lines := strings.SplitAfter(string(b), "\n")
	put(t, path, []byte(lines[0]))
	add(t, j, "after the cut")
	r := verify(t, path)
	if r.Broken == nil || r.Broken.Line != 2 {
		t.Errorf("verify: %v", r.Broken)
	}
	if b, _ := os.ReadFile(path); !strings.Contains(string(b), "entries 2 to 3 were written and are gone") {
		t.Errorf("the journal does not say so:\n%s", b)
	}
}

func TestAppend_EndsTheLineThatOnlyLacksItsEnd(t *testing.T) {
	j, path := written(t, 2)
	b, _ := os.ReadFile(path)
	put(t, path, b[:len(b)-1])
	add(t, j, "next")
	if r := verify(t, path); r.Broken != nil || r.Entries != 4 {
		t.Errorf("verify: %+v", r)
	}
}

func TestAppend_SaysWhyItCannotAndAddsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "full")
	if err := os.Symlink("/dev/full", path); err != nil {
		t.Fatal(err)
	}
	j, _ := Open(path, clock)
	_, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote})
	if !errors.Is(err, sources.ErrUnreachable) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("disk full: %v", err)
	}
	if err := place("append", "p", &os.PathError{Err: syscall.EROFS}); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("read-only file system: %v", err)
	}

	j, whole := written(t, 1)
	if _, err := j.Append(t.Context(), sources.Entry{Text: strings.Repeat("x", maxLine)}); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("too long: %v", err)
	}
	if _, err := j.Append(t.Context(), sources.Entry{Data: json.RawMessage("{")}); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("broken data: %v", err)
	}
	if r := verify(t, whole); r.Broken != nil || r.Entries != 1 {
		t.Errorf("afterwards: %+v", r)
	}
}

func TestVerify_AJournalWhoseFirstEntryFoundTheDiskFullHasNoneAndIsWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	if err := os.WriteFile(path, nil, 0o600); err != nil { // what the failed append leaves
		t.Fatal(err)
	}
	if r := verify(t, path); r.Broken != nil || r.Entries != 0 {
		t.Errorf("an empty file without a head: %+v", r.Broken)
	}
	j, err := Open(path, clock)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote}); err != nil {
		t.Fatal(err)
	}
	if r := verify(t, path); r.Broken != nil || r.Entries != 1 {
		t.Errorf("once there is room: %+v", r)
	}
}

func TestTry_ProvesThatAnEntryCouldBeWrittenAndChangesNothing(t *testing.T) {
	j, path := written(t, 2)
	files := func() string {
		var all strings.Builder
		for _, name := range []string{path, path + headSuffix} {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
		found, err := os.ReadDir(filepath.Dir(path))
		return fmt.Sprint(all.String(), len(found), err)
	}
	before := files()
	if err := j.Try(t.Context()); err != nil || files() != before {
		t.Errorf("a good journal: %v; left as it was: %t", err, files() == before)
	}
	if err := os.MkdirAll(path+headSuffix+".new/x", 0o700); err != nil { // as a folder that may not be written refuses root too
		t.Fatal(err)
	}
	if err := j.Try(t.Context()); err == nil || !strings.Contains(err.Error(), "try "+path) {
		t.Errorf("no head could be replaced: %v", err)
	}
}

func TestTry_ReadOnlyFolderIsDeniedAlthoughItsFileCouldBeWritten(t *testing.T) {
	j, path := written(t, 1)
	if os.Geteuid() == 0 {
		t.Skip("skipped: root may write everywhere")
	}
	if err := os.Chmod(filepath.Dir(path), 0o500); err != nil { //nolint:gosec // a folder
		t.Fatal(err)
	}
	defer os.Chmod(filepath.Dir(path), 0o700) //nolint:errcheck,gosec // so that it can be removed
	if err := j.Try(t.Context()); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("a folder that may only be read: %v", err)
	}
}

func TestAppend_TakesBackALineWhoseHeadCouldNotBeWritten(t *testing.T) {
	j, path := written(t, 1)
	if err := os.Mkdir(path+headSuffix+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), sources.Entry{}); err == nil {
		t.Error("no error")
	}
	os.Remove(path + headSuffix + ".new")
	if r := verify(t, path); r.Broken != nil || r.Entries != 1 {
		t.Errorf("afterwards: %+v", r)
	}
}

func TestAppend_WaitsForAnotherProcessAsLongAsTheContextLasts(t *testing.T) {
	j, path := written(t, 1)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := j.Append(ctx, sources.Entry{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err %v", err)
	}
}

func TestAppend_MakesOneChainOfManyProcessesAndGoroutines(t *testing.T) {
	if path := os.Getenv("AUDIT_TEST_CHILD"); path != "" {
		j := open(t, path)
		for range 20 {
			add(t, j, "child")
		}
		return
	}
	j, path := written(t, 0)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
			cmd.Env = append(os.Environ(), "AUDIT_TEST_CHILD="+path)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	for range 20 {
		wg.Go(func() { add(t, j, "own") })
	}
	wg.Wait()
	if r := verify(t, path); r.Broken != nil || r.Entries != 80 {
		t.Errorf("verify: %+v", r)
	}
}

func FuzzDecode_TakesOnlyWhatEncodeWrote(f *testing.F) {
	line, _, err := encode(sources.Entry{Seq: 1, Time: clock(), Prev: origin.hash, Text: "a"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line[:len(line)-1], 3, byte(1))
	f.Fuzz(func(t *testing.T, line []byte, at int, flip byte) {
		if _, err := decode(line); err != nil || flip == 0 || at < 0 || at >= len(line) {
			return
		}
		line[at] ^= flip
		if e, err := decode(line); err == nil {
			t.Errorf("%q was taken with byte %d changed: %+v", line, at, e)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	j, err := Open(filepath.Join(b.TempDir(), "a"), time.Now)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := j.Append(b.Context(), sources.Entry{Kind: sources.EntryIntent, Text: "x"}); err != nil {
			b.Fatal(err)
		}
	}
}

func put(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestOpen_AJournalThatAnotherProcessHoldsHoldsUpNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	holder, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer holder.Close()
	if err := syscall.Flock(int(holder.Fd()), syscall.LOCK_EX); err != nil { // such as a console that was suspended while it wrote
		t.Fatal(err)
	}
	j, err := Open(path, time.Now)
	if j == nil || !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "another process has it") {
		t.Fatalf("journal %v, error %v", j, err)
	}
	if err := syscall.Flock(int(holder.Fd()), syscall.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote}); err != nil {
		t.Errorf("once it is free: %v", err)
	}
}
