package elastic_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
)

// found searches the demo's index of four minutes and returns messages.
func found(t *testing.T, s *elastic.Source, q sources.Search) (sources.Found, []string) {
	t.Helper()
	if q.Window.To.IsZero() {
		q.Window = sources.Window{From: noon.Add(-4 * time.Minute), To: noon}
	}
	got, err := s.Find(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range got.Lines {
		out = append(out, l.Message.Raw())
	}
	return got, out
}

func TestFind_LinesOfTheWholeWindowThatNoTailBrought(t *testing.T) {
	s := openDemo(t, "healthy").source(t, nil)
	everything, all := found(t, s, sources.Search{LogQuery: sources.LogQuery{Limit: 1000}})
	if len(all) < 100 {
		t.Fatalf("only %d lines are there", len(all))
	}
	word := strings.Fields(all[0])[0]
	part := strings.ToUpper(word[1:])
	_, some := found(t, s, sources.Search{Where: []sources.Condition{{Text: part, Fold: true}}})
	if len(some) == 0 {
		t.Fatalf("no line holds a part of %q", word)
	}
	for _, text := range some {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
			t.Errorf("%q does not hold %q", text, part)
		}
	}
	for i := range everything.Lines[1:] {
		if everything.Lines[i+1].At.After(everything.Lines[i].At) {
			t.Fatal("not the newest first")
		}
	}
}

func TestFind_GoesOnWhereItEndedInBothDirections(t *testing.T) {
	s := openDemo(t, "healthy").source(t, nil)
	first, _ := found(t, s, sources.Search{LogQuery: sources.LogQuery{Limit: 20}})
	if len(first.Lines) != 20 || !first.More {
		t.Fatalf("%d lines, more %v", len(first.Lines), first.More)
	}
	oldest := first.Lines[19].At
	older, _ := found(t, s, sources.Search{LogQuery: sources.LogQuery{Limit: 20, Window: sources.Window{From: noon.Add(-4 * time.Minute), To: oldest}}})
	if len(older.Lines) != 20 || older.Lines[0].At.After(oldest) {
		t.Errorf("went on at %v, behind %v", older.Lines[0].At, oldest)
	}
	newer, _ := found(t, s, sources.Search{Oldest: true, LogQuery: sources.LogQuery{Limit: 20, Window: sources.Window{From: oldest, To: noon}}})
	if len(newer.Lines) != 20 || newer.Lines[0].At.Before(oldest) || newer.Lines[19].At.Before(newer.Lines[0].At) {
		t.Errorf("the oldest are %v to %v, want from %v on", newer.Lines[0].At, newer.Lines[19].At, oldest)
	}
}

func TestFind_SaysWhatTheIndexCannotLookFor(t *testing.T) {
	s := openDemo(t, "healthy").source(t, nil)
	for name, c := range map[string]struct {
		where sources.Condition
		why   string
	}{
		"a text that a message lacks": {sources.Condition{Text: "timeout", Not: true}, "words"},
		"signs alone":                 {sources.Condition{Text: "<*>"}, "no letter or digit"},
		"a field that nobody wrote":   {sources.Condition{Field: "no.such", Text: "x"}, "no field no.such"},
	} {
		got, _ := found(t, s, sources.Search{Where: []sources.Condition{c.where}})
		if len(got.Refused) != 1 || !strings.Contains(got.Refused[0].Why, c.why) || len(got.Lines) > 0 {
			t.Errorf("%s: %+v", name, got.Refused)
		}
	}
	got, _ := found(t, s, sources.Search{Where: []sources.Condition{{Field: "labels.track", Text: "tab"}}})
	if len(got.Refused) > 0 || len(got.Lines) == 0 {
		t.Fatalf("labels.track: %+v, %d lines", got.Refused, len(got.Lines))
	}
	for _, l := range got.Lines {
		if l.Arm != sources.Legacy {
			t.Fatalf("a line of %v holds stable", l.Arm)
		}
	}
	others, _ := found(t, s, sources.Search{Where: []sources.Condition{{Field: "labels.track", Text: "tab", Not: true}}})
	if len(others.Lines) == 0 || others.Lines[0].Arm != sources.Candidate {
		t.Errorf("%d lines of others", len(others.Lines))
	}
}

func TestFind_DoesNotTrustAnIndexThatKeepsStemsOnly(t *testing.T) {
	c := newCluster(t)
	c.write("logs-a", "1", doc(noon.Add(time.Second), sources.Legacy, "info", "running late"))
	c.refresh()
	stems, asked := `{"run":{},"late":{}}`, 0
	c.handle = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/_termvectors") {
			return false
		}
		asked++
		answer(http.StatusOK, `{"term_vectors":{"message":{"terms":`+stems+`}}}`)(w, r)
		return true
	}
	q := sources.Search{LogQuery: sources.LogQuery{Window: span}, Where: []sources.Condition{{Text: "running"}}}
	s := source(t, c, nil)
	for range 2 {
		if got, _ := found(t, s, q); len(got.Refused) != 1 || !strings.Contains(got.Refused[0].Why, "not as they are written") || asked != 1 {
			t.Errorf("refused %+v after %d questions", got.Refused, asked)
		}
	}
	stems = `{"the":{},"250ms_of":{},"running":{},"timeouts":{},"are":{},"not":{},"at":{},"shard7":{},"4711":{}}`
	if got, texts := found(t, source(t, c, nil), q); len(got.Refused) > 0 || len(texts) != 1 {
		t.Errorf("an index of whole words found %q: %+v", texts, got.Refused)
	}
}
