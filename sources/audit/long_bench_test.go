package audit

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// long is a journal of so many entries, written without a sync for each, as no journal is.
func long(tb testing.TB, entries int, size int64) *Journal {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "audit.jsonl")
	j, err := Open(path, time.Now)
	if err != nil {
		tb.Fatal(err)
	}
	j.RotateAt(size)
	f, err := j.open(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	last, written := origin, int64(0)
	for range entries {
		line, e, err := encode(sources.Entry{
			Seq: last.seq + 1, Time: time.Now().UTC(), Kind: sources.EntryRung, Context: "prod", Service: "ranker", Actor: "ana", Prev: last.hash, Text: strings.Repeat("seen ", 60),
		})
		if err == nil {
			_, err = f.Write(line)
		}
		if written += int64(len(line)); err == nil && written >= size {
			f, _, err = j.rotate(tb.Context(), f)
			written = 0
		}
		if err != nil {
			tb.Fatal(err)
		}
		last = link{e.Seq, e.Hash}
	}
	if err := writeHead(path, last); err != nil {
		tb.Fatal(err)
	}
	_ = f.Close()
	return j
}

// BenchmarkEntries_WhatIsNewOfALongJournal is what a desk reads before each action of a runner that is months old.
func BenchmarkEntries_WhatIsNewOfALongJournal(b *testing.B) {
	for name, n := range map[string]int{"1000": 1000, "100000": 100_000} {
		b.Run(name, func(b *testing.B) {
			j := long(b, n, 8<<20)
			for range j.Entries(b.Context(), 1) { // as when the desk is made
			}
			for b.Loop() {
				for _, err := range j.Entries(b.Context(), uint64(n)+1) {
					b.Fatal(err)
				}
			}
		})
	}
}
