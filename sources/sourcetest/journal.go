package sourcetest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"rampart/sources"
)

// Journal proves what [sources.Journal] promises. Open returns a journal that is empty the first time it is called in a
// test; called again in the same test it opens the same one as another process would.
func Journal(t *testing.T, open func(t *testing.T) func() sources.Journal) {
	t.Helper()
	t.Run("IsReadBackAsItWasWritten", func(t *testing.T) { journalIsReadBack(t, open(t)) })
	t.Run("IsOneChainHoweverManyWrite", func(t *testing.T) { journalIsOneChain(t, open(t)) })
	t.Run("IsReadWhileItIsWritten", func(t *testing.T) { journalIsReadWhileWritten(t, open(t)) })
	t.Run("AnEndedContextEndsTheQuestion", func(t *testing.T) { journalHonoursContext(t, open(t)) })
}

func journalIsReadBack(t *testing.T, open func() sources.Journal) {
	want := sources.Entry{
		Kind: sources.EntryIntent, Context: "prod", Service: "ranker", Actor: "ana", From: "tty1", IntentID: "7", Verb: "rollback",
		Text: "a \"line\"\nwith <all> & é \x1b", Data: json.RawMessage(`{"share":50000}`),
	}
	written, err := open().Append(t.Context(), want)
	if err != nil {
		t.Fatal(err)
	}
	if written.Seq != 1 || written.Time.IsZero() || written.Hash == "" || written.Prev == "" {
		t.Errorf("not filled in: %+v", written)
	}
	got := entriesOf(t, open(), 1)
	if len(got) != 1 {
		t.Fatalf("%d entries", len(got))
	}
	e := got[0]
	if !e.Time.Equal(written.Time) || e.Hash != written.Hash {
		t.Errorf("read %+v, wrote %+v", e, written)
	}
	e.Seq, e.Time, e.Prev, e.Hash = 0, want.Time, "", ""
	if fmt.Sprintf("%+v", e) != fmt.Sprintf("%+v", want) {
		t.Errorf("read %+v, wrote %+v", e, want)
	}
}

func journalIsOneChain(t *testing.T, open func() sources.Journal) {
	var writers sync.WaitGroup
	const each = 10
	for range 3 {
		j := open()
		for range 2 {
			writers.Go(func() {
				for range each {
					if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote}); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	writers.Wait()
	all := entriesOf(t, open(), 1)
	if len(all) != 6*each {
		t.Fatalf("%d entries", len(all))
	}
	for i, e := range all {
		if e.Seq != uint64(i+1) || i > 0 && e.Prev != all[i-1].Hash {
			t.Fatalf("entry %d: number %d, chained to %q", i, e.Seq, e.Prev)
		}
	}
	if tail := entriesOf(t, open(), 6*each); len(tail) != 1 || tail[0].Seq != 6*each {
		t.Errorf("from the last on: %d entries", len(tail))
	}
	if beyond := entriesOf(t, open(), 6*each+1); len(beyond) != 0 {
		t.Errorf("from beyond the last on: %d entries", len(beyond))
	}
}

func journalIsReadWhileWritten(t *testing.T, open func() sources.Journal) {
	j := open()
	for range 3 {
		if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for _, err := range j.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n > 3 {
			t.Fatal("reading follows its own writing for ever")
		}
		if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote}); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range j.Entries(t.Context(), 1) {
		if err != nil {
			t.Error(err)
		}
		break // whoever has seen enough may leave
	}
}

func journalHonoursContext(t *testing.T, open func() sources.Journal) {
	j := open()
	if _, err := j.Append(t.Context(), sources.Entry{Kind: sources.EntryNote}); err != nil {
		t.Fatal(err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range j.Entries(over, 1) {
		if err == nil {
			t.Error("an entry after the end")
		}
	}
}

func entriesOf(t *testing.T, j sources.Journal, from uint64) []sources.Entry {
	t.Helper()
	var out []sources.Entry
	for e, err := range j.Entries(t.Context(), from) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}
