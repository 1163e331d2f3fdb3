package recorder

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

func block(h *dossier.Header, end time.Time) *dossier.Block {
	b := h.NewBlock()
	b.End = end
	b.Legacy.Scraped, b.Candidate.Scraped = true, true
	b.Legacy.Counts[0] = dossier.Counts{Known: true, Requests: 100, Errors: 1}
	b.Candidate.Counts[0] = dossier.Counts{Known: true, Requests: 10}
	return b
}

func TestDossier_TwoConsolesWriteEachBlockOnce(t *testing.T) {
	dir := t.TempDir()
	h := dossier.Header{ID: "ranker-42", Alpha: .05, SafeMargin: .5, Step: 15 * time.Second, Measures: []dossier.Measure{{Name: "errors", Kind: dossier.Errors, Weight: 1, SafeMargin: .5}}}
	start := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	for _, from := range []int{0, 0, 3} { // the second backfills the same blocks, the third goes on
		r := New(dir)
		for i := from; i < 5; i++ {
			r.Add(h.ID, h, block(&h, start.Add(time.Duration(i)*h.Step)))
		}
		r.Close()
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b, []byte("\n")); n != 6 {
		t.Errorf("%d lines, want a header and 5 blocks:\n%s", n, b)
	}
}

func TestDossier_ALineTornByACrashIsCutOff(t *testing.T) {
	dir := t.TempDir()
	h := dossier.Header{ID: "r", Alpha: .05, SafeMargin: .5, Step: 15 * time.Second, Measures: []dossier.Measure{{Name: "errors", Kind: dossier.Errors, Weight: 1, SafeMargin: .5}}}
	start := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	r := New(dir)
	r.Add(h.ID, h, block(&h, start))
	r.Close()
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	f, err := os.OpenFile(files[0], os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"kind":"block","t":"2026-01-05T14`); err != nil {
		t.Fatal(err)
	}
	f.Close()
	r = New(dir)
	r.Add(h.ID, h, block(&h, start.Add(h.Step)))
	r.Close()
	b, _ := os.ReadFile(files[0])
	in := dossier.NewReader("r", bytes.NewReader(b))
	lines := 0
	for line := (dossier.Line{}); ; lines++ {
		if err := in.Next(&line); err != nil {
			break
		}
	}
	if lines != 3 {
		t.Errorf("%d good lines, want a header and 2 blocks:\n%s", lines, b)
	}
}
