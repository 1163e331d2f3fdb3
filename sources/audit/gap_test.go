package audit

import (
	"path/filepath"
	"testing"
	"time"

	"rampart/sources"
)

func TestVerify_OfAWholeJournalTellsWhenEntriesCouldNotBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	j, err := Open(path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []sources.Entry{{Kind: sources.EntryNote, Text: "seen"}, {Kind: sources.EntryGap, Text: "2 entries could not be written"}} {
		if _, err := j.Append(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Verify(t.Context(), path)
	if err != nil || r.Broken != nil || len(r.Mended) != 0 || len(r.Gaps) != 1 || r.Gaps[0].Seq != 2 || r.Gaps[0].Text != "2 entries could not be written" {
		t.Errorf("%+v, %v", r, err)
	}
}
