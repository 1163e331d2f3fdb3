package logbook

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

func TestBook_LinesCarryTheFieldsThatWereAskedForMasked(t *testing.T) {
	b := newBook(t)
	b.Take(page(line(1, sources.Legacy, sources.LevelInfo, "hello ann@example.com")))
	q := frame.LogsQuery{Fields: []string{"n", "user.email", "none"}}
	got, err := b.Lines(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	b.Dress(&got, q)
	f := got.Lines[0].Fields
	if len(f) != 3 || f[0].Value.String() != "1" || strings.Contains(f[1].Value.Raw(), "@") || !f[2].Value.IsZero() {
		t.Errorf("%v", f)
	}
}

func TestBook_MasksComeOffOnlyWhereAskedFor(t *testing.T) {
	b := newBook(t)
	b.Take(page(line(1, sources.Legacy, sources.LevelInfo, "hello ann@example.com")))
	got, _ := b.Lines(t.Context(), frame.LogsQuery{})
	id := got.Lines[0].ID
	b.Dress(&got, frame.LogsQuery{})
	if strings.Contains(got.Lines[0].Message.Raw(), "@") {
		t.Error("nobody asked, and the mask is off")
	}
	b.Dress(&got, frame.LogsQuery{Bare: true})
	if got.Lines[0].Message.Raw() != "hello ann@example.com" {
		t.Errorf("bare: %q", got.Lines[0].Message)
	}
	bare, err := b.BareLine(id)
	if err != nil || len(bare.Fields) != 3 || bare.Fields[2].Value.Raw() != "ann@example.com" {
		t.Errorf("%+v, %v", bare, err)
	}
	if again, _ := b.Line(id); strings.Contains(again.Message.Raw(), "@") {
		t.Error("the mask stayed off for whoever asks next")
	}
	for _, bad := range []string{"", "x-y", "1-99", "-"} {
		if _, err := b.BareLine(bad); err == nil {
			t.Errorf("line %q was found", bad)
		}
	}
}

func TestBook_OpensALineThatAClockBefore1970Stamped(t *testing.T) {
	b := newBook(t)
	old := line(1, sources.Legacy, sources.LevelInfo, "hello ann@example.com")
	old.At = time.Unix(-3600, 0)
	b.Take(page(old))
	got, err := b.Lines(t.Context(), frame.LogsQuery{})
	if err != nil || len(got.Lines) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if opened, err := b.Line(got.Lines[0].ID); err != nil || !opened.At.Equal(old.At) {
		t.Errorf("%+v, %v", opened, err)
	}
}

func TestBook_SeekFindsTheNextMatchInBothDirections(t *testing.T) {
	b := newBook(t)
	for i := range 50 {
		text := "calm"
		if i%10 == 0 {
			text = "boom"
		}
		b.Take(page(line(i, sources.Candidate, sources.LevelInfo, text)))
	}
	q := frame.LogsQuery{Terms: []string{"boom"}}
	first, err := b.Seek(t.Context(), q, "", false)
	if err != nil || !first.At.Equal(now.Add(40e9)) {
		t.Fatalf("newest match %+v, %v", first, err)
	}
	older, err := b.Seek(t.Context(), q, first.ID, false)
	if err != nil || !older.At.Equal(now.Add(30e9)) {
		t.Fatalf("older match %+v, %v", older, err)
	}
	if back, err := b.Seek(t.Context(), q, older.ID, true); err != nil || back.ID != first.ID {
		t.Fatalf("newer match %+v, %v", back, err)
	}
	if _, err := b.Seek(t.Context(), q, first.ID, true); !errors.Is(err, sources.ErrNoData) {
		t.Errorf("beyond the newest: %v", err)
	}
}

func TestBook_ReadsOnFromATime(t *testing.T) {
	b := newBook(t)
	for i := range 50 {
		b.Take(page(line(i, sources.Candidate, sources.LevelInfo, "calm")))
	}
	got, err := b.Newer(t.Context(), frame.LogsQuery{After: now.Add(10 * time.Second), Limit: 5})
	if err != nil || len(got.Lines) != 5 || !got.More || !got.Lines[4].At.Equal(now.Add(10*time.Second)) || !got.Lines[0].At.Equal(now.Add(14*time.Second)) {
		t.Fatalf("%+v, %v", got, err)
	}
	if got, err = b.Newer(t.Context(), frame.LogsQuery{After: now.Add(48 * time.Second), Limit: 5}); err != nil || len(got.Lines) != 2 || got.More {
		t.Fatalf("at the end: %+v, %v", got, err)
	}
}
