package alertmanager

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

type literal string

func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }

const token = "token-1234"

func TestReceiver_KeepsWhatAllNotifiersPromise(t *testing.T) {
	sourcetest.Notifier(t, sourcetest.NotifierWorld{
		Open: func(t *testing.T, server string, timeout time.Duration) sources.Notifier {
			r, err := New(Config{URL: server, Bearer: literal(token), Timeout: timeout, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			return r
		},
		Secrets: []string{token},
	})
}

// heard is an Alertmanager that keeps every post it got. It answers in the process itself, so that a bubble of time holds it.
type heard struct {
	posts [][]posted
	fail  int
}

// RoundTrip takes alerts as the API does.
func (h *heard) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	if h.fail != 0 {
		rec.WriteHeader(h.fail)
		return rec.Result(), nil
	}
	b, err := io.ReadAll(r.Body)
	var got []posted
	if err == nil {
		err = json.Unmarshal(b, &got)
	}
	h.posts = append(h.posts, got)
	return rec.Result(), err
}

func notice(kind sources.NoticeKind, severity sources.Severity) sources.Notice {
	return sources.Notice{
		Key: "prod/ranker/" + string(kind), At: time.Now(), Context: "prod", Service: "ranker", Kind: kind, Severity: severity, Title: "ranker: WORSE",
	}
}

// raising gives a bubble of time, a receiver whose Run runs in it, and what the server heard.
func raising(t *testing.T, test func(t *testing.T, r *Receiver, h *heard)) {
	synctest.Test(t, func(t *testing.T) {
		h := &heard{}
		r, err := New(Config{URL: "http://am", Labels: map[string]string{"team": "search"}, Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		r.door.road.Carry(h)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { r.Run(ctx); close(done) }()
		test(t, r, h)
		cancel()
		<-done
	})
}

func tell(t *testing.T, r *Receiver, n sources.Notice) {
	t.Helper()
	if err := r.Notify(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func TestReceiver_PostsWhatLastsAgainLongBeforeItWouldResolveAndEndsItWhenItIsOver(t *testing.T) {
	raising(t, func(t *testing.T, r *Receiver, h *heard) {
		began := time.Now()
		tell(t, r, notice(sources.NoticeCall, sources.SeverityCritical))
		time.Sleep(3*time.Hour + 30*time.Second)
		synctest.Wait()
		if len(h.posts) != 181 {
			t.Fatalf("%d posts in three hours", len(h.posts))
		}
		for i, p := range h.posts {
			if a := p[0]; !a.StartsAt.Equal(began) || !a.EndsAt.Equal(began.Add(time.Duration(i+4)*time.Minute)) {
				t.Fatalf("post %d: %+v", i, a)
			}
		}
		over := notice(sources.NoticeCall, sources.SeverityInfo)
		over.Resolved = true
		tell(t, r, over)
		last := h.posts[len(h.posts)-1]
		want := map[string]string{"alertname": "RampartCall", "context": "prod", "service": "ranker", "severity": "critical", "matter": "call", "team": "search"}
		if len(last) != 1 || !last[0].EndsAt.Equal(time.Now()) || !maps.Equal(last[0].Labels, want) {
			t.Errorf("the end: %+v", last)
		}
		n := len(h.posts)
		time.Sleep(time.Hour)
		synctest.Wait()
		if len(h.posts) != n {
			t.Error("it was posted again after its end")
		}
	})
}

func TestReceiver_EndsTheOldLabelsWhenASeverityChanges(t *testing.T) {
	raising(t, func(t *testing.T, r *Receiver, h *heard) {
		tell(t, r, notice(sources.NoticeCall, sources.SeverityWarning))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		tell(t, r, notice(sources.NoticeCall, sources.SeverityCritical))
		p := h.posts[1]
		if len(p) != 2 || p[0].Labels["severity"] != "warning" || !p[0].EndsAt.Equal(time.Now()) || p[1].Labels["severity"] != "critical" {
			t.Errorf("posted %+v", p)
		}
	})
}

func TestReceiver_AnEventEndsByItselfAndAMissedRungIsRemindedOfForAnHour(t *testing.T) {
	raising(t, func(t *testing.T, r *Receiver, h *heard) {
		tell(t, r, notice(sources.NoticeAction, sources.SeverityWarning))
		if a := h.posts[0][0]; !a.EndsAt.Equal(time.Now().Add(5 * time.Minute)) {
			t.Errorf("an action ends %v", a.EndsAt)
		}
		tell(t, r, notice(sources.NoticeRung, sources.SeverityCritical))
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		if n := len(h.posts); n < 60 || n > 63 {
			t.Errorf("%d posts", n)
		}
	})
}

func TestReceiver_KeepsTryingToEndWhatCouldNotBeEnded(t *testing.T) {
	raising(t, func(t *testing.T, r *Receiver, h *heard) {
		tell(t, r, notice(sources.NoticeCall, sources.SeverityCritical))
		over := notice(sources.NoticeCall, sources.SeverityInfo)
		over.Resolved, h.fail = true, 503
		if err := r.Notify(t.Context(), over); !sources.Retryable(err) {
			t.Errorf("said %v", err)
		}
		h.fail = 0
		tell(t, r, over)
		if len(h.posts) != 2 || !h.posts[1][0].EndsAt.Equal(time.Now()) {
			t.Errorf("posted %+v", h.posts)
		}
	})
}

func TestReceiver_RepeatsWhatTheApiItselfSaysAndNoSecret(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"code":602,"message":"labels in body is required, `+token+` \u001b[2J"}`)
	}))
	defer s.Close()
	r, err := New(Config{URL: s.URL, Bearer: literal(token), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = r.Notify(t.Context(), notice(sources.NoticeCall, sources.SeverityCritical))
	if err == nil || !strings.Contains(err.Error(), `labels in body is required, *** \x1b[2J`) {
		t.Errorf("said %v", err)
	}
}

func TestNew_RefusesAnAddressThatCannotWork(t *testing.T) {
	for _, c := range []Config{{URL: "am:9093", Now: time.Now}, {URL: "http://u:hunter2@am", Now: time.Now}, {URL: "http://am"}} {
		if _, err := New(c); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", c.URL, err)
		}
	}
}
