package logbook_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

func TestAskedOf_TheIndexAnswersArmsLevelsFieldsAndTexts(t *testing.T) {
	both, word := sources.Legacy, func(c sources.Condition) []sources.Condition { return []sources.Condition{c} }
	for _, c := range []struct {
		q    frame.LogsQuery
		want logbook.Asked
	}{
		{frame.LogsQuery{}, logbook.Asked{}},
		{frame.LogsQuery{Arm: both, Level: sources.LevelWarn}, logbook.Asked{Arms: []sources.Arm{both}, Levels: []sources.Level{sources.LevelError, sources.LevelWarn}}},
		{frame.LogsQuery{Terms: []string{"arm:candidate", "level:info"}}, logbook.Asked{Arms: []sources.Arm{sources.Candidate}, Levels: []sources.Level{sources.LevelInfo}}},
		{frame.LogsQuery{Level: sources.LevelInfo, Terms: []string{"level:>=error"}}, logbook.Asked{Levels: []sources.Level{sources.LevelError}}},
		{frame.LogsQuery{Terms: []string{"!arm:legacy"}}, logbook.Asked{Arms: []sources.Arm{sources.Candidate}}},
		{frame.LogsQuery{Arm: both, Terms: []string{"arm:candidate"}}, logbook.Asked{Arms: []sources.Arm{both}}},
		{frame.LogsQuery{Terms: []string{"user.id:7"}}, logbook.Asked{Where: word(sources.Condition{Field: "user.id", Text: "7", Fold: true})}},
		{frame.LogsQuery{Terms: []string{"Timeout"}}, logbook.Asked{Where: word(sources.Condition{Text: "Timeout"})}},
		{frame.LogsQuery{Terms: []string{`!"a:b c"`}}, logbook.Asked{Where: word(sources.Condition{Text: "a:b c", Not: true, Fold: true})}},
		{frame.LogsQuery{Terms: []string{"/a.b/", "level:unknown"}, Pattern: 7}, logbook.Asked{Here: []string{"/a.b/", "level:unknown", "a template"}}},
	} {
		got := logbook.AskedOf(c.q)
		got.Terms = nil
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v:\n got %+v\nwant %+v", c.q, got, c.want)
		}
	}
	if got := logbook.AskedOf(frame.LogsQuery{Terms: []string{"!level:debug"}}).Levels; len(got) != 4 || slices.Contains(got, sources.LevelDebug) {
		t.Errorf("all but debug are %v", got)
	}
}

func TestAsked_SaysInWordsWhatIsNotPushedDown(t *testing.T) {
	a := logbook.AskedOf(frame.LogsQuery{Terms: []string{"!/x+/", "level:unknown"}})
	got := a.Refusals([]sources.Refusal{{Why: "the index has no field a.b"}})
	for _, want := range []string{"a regex is not pushed down", `"level:unknown" is not pushed down`, "no field a.b"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
}

func TestFound_LinesAreComparedMaskedAndCanBeOpened(t *testing.T) {
	b, err := logbook.New(logbook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC)
	lines := []sources.LogLine{
		{ID: "1", Index: "i", At: at, Arm: sources.Candidate, Message: sources.NewText("mail to ann@example.com failed"), Source: []byte(`{"user":{"id":7}}`)},
		{ID: "2", Index: "i", At: at, Arm: sources.Legacy, Message: sources.NewText("failing mails")},
	}
	got, err := b.Found(lines, frame.LogsQuery{Terms: []string{"failed"}, Fields: []string{"user.id"}})
	if err != nil || len(got) != 1 || strings.Contains(got[0].Message.String(), "ann@") || got[0].Fields[0].Value.String() != "7" {
		t.Fatalf("%+v, %v", got, err)
	}
	open, err := b.FoundLine(got[0].ID, false)
	if err != nil || len(open.Fields) != 1 || strings.Contains(open.Message.String(), "ann@") {
		t.Errorf("opened %+v, %v", open, err)
	}
	if bare, err := b.FoundLine(got[0].ID, true); err != nil || !strings.Contains(bare.Message.String(), "ann@") {
		t.Errorf("without masks %+v, %v", bare, err)
	}
	for _, id := range []string{"12-12", "x"} {
		if _, err := b.FoundLine(id, false); err == nil {
			t.Errorf("%s was opened", id)
		}
	}
}

func TestFound_AnIndexIsBelievedInFieldsThatNoDocumentNames(t *testing.T) {
	b, err := logbook.New(logbook.Config{})
	if err != nil {
		t.Fatal(err)
	}
	lines := []sources.LogLine{{ID: "1", At: time.Unix(1, 0), Arm: sources.Candidate, Message: sources.NewText("x"), Source: []byte(`{"user":{"id":7}}`)}}
	for term, want := range map[string]int{"alias:anna": 1, "user.id:7": 1, "user.id:8": 0, "!alias:anna": 1, "!user.id:7": 0, "anna": 0} {
		if got, err := b.Found(lines, frame.LogsQuery{Terms: []string{term}}); err != nil || len(got) != want {
			t.Errorf("%s: %d lines, want %d, %v", term, len(got), want, err)
		}
	}
	if _, err := b.Found(lines, frame.LogsQuery{Terms: []string{"/(/"}}); err == nil {
		t.Error("a broken regexp is no mistake")
	}
}
