package alertmanager

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestParseMatcher_ReadsWhatUsersWriteAndSaysWhatIsWrong(t *testing.T) {
	for in, want := range map[string]string{
		`service="ranker"`: `service="ranker"`, ` service = ranker `: `service="ranker"`, `a!="b"`: `a!="b"`,
		`alertname=~"Ranker.*|x\"y"`: `alertname=~"Ranker.*|x\"y"`, `team!~s.*`: `team!~"s.*"`,
	} {
		m, err := ParseMatcher(in)
		if err != nil || m.String() != want {
			t.Errorf("%s: %v, %v", in, m, err)
		}
	}
	for _, in := range []string{"", "service", `"service"="x"`, `a="b`, `a=~"("`, "a=b,c=d", "a==b\x1b"} {
		if m, err := ParseMatcher(in); err == nil || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q became %v, %v", in, m, err)
		}
	}
}

func FuzzParseMatcher(f *testing.F) {
	f.Add(`service="ranker"`)
	f.Add(`a=~"x|y"`)
	f.Fuzz(func(t *testing.T, s string) {
		m, err := ParseMatcher(s)
		if err != nil {
			return
		}
		if again, err := ParseMatcher(m.String()); err != nil || again != m {
			t.Errorf("%q: %v read again is %v, %v", s, m, again, err)
		}
	})
}

const (
	alertsBody = `[
 {"annotations":{"summary":"errors \u001b[2J"},"fingerprint":"f1","startsAt":"2026-01-05T13:59:00Z","status":{"inhibitedBy":[],"silencedBy":["s1"],"state":"suppressed"},"labels":{"alertname":"RankerErrors","severity":"page"}},
 {"annotations":{},"fingerprint":"f0","startsAt":"2026-01-05T13:00:00Z","status":{"inhibitedBy":[],"silencedBy":[],"state":"active"},"labels":{"alertname":"RampartCall","matter":"call","severity":"critical"}}]`
	silencesBody = `[
 {"id":"s1","status":{"state":"active"},"comment":"known","createdBy":"ana","startsAt":"2026-01-05T14:00:00Z","endsAt":"2026-01-05T15:00:00Z","matchers":[{"name":"alertname","value":"RankerErrors","isRegex":false}]},
 {"id":"s2","status":{"state":"pending"},"startsAt":"2026-01-05T16:00:00Z","endsAt":"2026-01-05T17:00:00Z","matchers":[{"name":"service","value":"rank.+","isRegex":true,"isEqual":true},{"name":"dc","value":"a","isRegex":false,"isEqual":false}]},
 {"id":"s3","status":{"state":"active"},"matchers":[{"name":"service","value":"other","isRegex":false,"isEqual":true}]},
 {"id":"s4","status":{"state":"active"},"matchers":[{"name":"dc","value":"a","isRegex":false,"isEqual":true}]},
 {"id":"s5","status":{"state":"expired"},"matchers":[{"name":"service","value":"ranker","isRegex":false,"isEqual":true}]}]`
)

func reading(t *testing.T, handler http.HandlerFunc) *Reader {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	m, err := ParseMatcher(`service="ranker"`)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(Config{URL: s.URL + "/am/", Now: time.Now}, []Matcher{m})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReader_FindsTheAlertsOfTheServiceAndTheSilencesThatConcernIt(t *testing.T) {
	r := reading(t, func(w http.ResponseWriter, q *http.Request) {
		switch q.URL.Path {
		case "/am/api/v2/alerts":
			if f := q.URL.Query()["filter"]; len(f) != 1 || f[0] != `service="ranker"` {
				t.Errorf("filter %q", f)
			}
			_, _ = io.WriteString(w, alertsBody)
		case "/am/api/v2/silences":
			_, _ = io.WriteString(w, silencesBody)
		default:
			t.Errorf("asked for %s", q.URL)
		}
	})
	got, err := r.Alerting(t.Context())
	if err != nil || len(got.Alerts) != 2 || len(got.Silences) != 2 {
		t.Fatalf("%v: %+v", err, got)
	}
	ours, theirs := got.Alerts[0], got.Alerts[1]
	if !ours.Ours || ours.Muted || theirs.Ours || !theirs.Muted || theirs.Name.String() != "RankerErrors" || strings.Contains(theirs.Summary.Raw(), "\x1b") {
		t.Errorf("alerts %+v", got.Alerts)
	}
	if s := got.Silences[1]; s.ID != "s2" || s.Matchers.String() != `service=~"rank.+" dc!="a"` {
		t.Errorf("silences %+v", got.Silences)
	}
}

func TestReader_SaysThatAnotherProgramAnswered(t *testing.T) {
	for body, kind := range map[string]error{"<html>login</html>": sources.ErrInvalid, `{"status":"success"}`: sources.ErrInvalid, "": sources.ErrInvalid} {
		r := reading(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
		if _, err := r.Alerting(t.Context()); !errors.Is(err, kind) || !strings.Contains(err.Error(), "before /api/v2") {
			t.Errorf("%q: %v", body, err)
		}
	}
	if _, err := NewReader(Config{URL: "http://am", Now: time.Now}, nil); err == nil {
		t.Error("a reader of everything was made")
	}
}
