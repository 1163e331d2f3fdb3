package sourcetest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/sources"
)

// NotifierWorld is how a suite meets a notifier that speaks HTTP.
type NotifierWorld struct {
	// Open makes the notifier that writes to a server, with a request's deadline.
	Open func(t *testing.T, server string, timeout time.Duration) sources.Notifier
	// Secrets stand in no error: a path, a token.
	Secrets []string
	// Inert refuses the body of a hostile notice that would do more than be read; nil: it is JSON, which needs no proof.
	Inert func(t *testing.T, body []byte)
}

// HostileNotice is a notice whose texts try everything at once.
func HostileNotice() sources.Notice {
	return sources.Notice{
		Key: "prod/ranker/call", At: time.Date(2026, 1, 5, 14, 5, 32, 0, time.UTC), Context: "prod", Service: "ranker", Kind: sources.NoticeCall, Severity: sources.SeverityCritical,
		Title: "ranker: \x1b[2J<!channel> @here\r\nX-Evil: 1 \u202ekcab",
		Text:  "<https://evil|click> [pay](https://evil) & `rm` " + strings.Repeat("very long ", 5000) + "\xff\x00", Link: "javascript:alert(1)",
	}
}

// taken is a server that keeps what it was sent and answers as it is told.
type taken struct {
	*httptest.Server
	mu     sync.Mutex
	bodies [][]byte
	answer http.HandlerFunc
}

func newTaken(t *testing.T, answer http.HandlerFunc) *taken {
	s := &taken{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.bodies = append(s.bodies, b)
		s.mu.Unlock()
		if s.answer != nil {
			s.answer(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *taken) got() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([][]byte(nil), s.bodies...)
}

// Notifier proves what [sources.Notifier] promises of one that speaks HTTP.
func Notifier(t *testing.T, w NotifierWorld) {
	t.Helper()
	t.Run("TakesANotice", func(t *testing.T) { notifierTakes(t, w) })
	t.Run("TellsTheKindOfARefusal", func(t *testing.T) { notifierTellsKinds(t, w) })
	t.Run("RefusesARedirect", func(t *testing.T) { notifierRefusesRedirects(t, w) })
	t.Run("DoesNotWaitForEver", func(t *testing.T) { notifierEnds(t, w) })
	t.Run("HostileTextStaysText", func(t *testing.T) { notifierIsInert(t, w) })
}

func (w NotifierWorld) whole(t *testing.T, what string, err error, kind error) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("%s: %v, want %v", what, err, kind)
	}
	for _, s := range w.Secrets {
		if err != nil && strings.Contains(err.Error(), s) {
			t.Errorf("%s: the error holds the secret %q: %v", what, s, err)
		}
	}
}

func notifierTakes(t *testing.T, w NotifierWorld) {
	s := newTaken(t, nil)
	n := w.Open(t, s.URL, 5*time.Second)
	if n.Name() == "" {
		t.Error("it has no name")
	}
	notice := HostileNotice()
	notice.Title, notice.Text = "ranker: WORSE", "errors ×4.0"
	if err := n.Notify(t.Context(), notice); err != nil {
		t.Fatal(err)
	}
	if got := s.got(); len(got) != 1 || !strings.Contains(string(got[0]), "ranker: WORSE") {
		t.Errorf("the server got %q", got)
	}
}

func notifierTellsKinds(t *testing.T, w NotifierWorld) {
	for status, kind := range map[int]error{
		400: sources.ErrInvalid, 401: sources.ErrDenied, 403: sources.ErrDenied, 404: sources.ErrInvalid, 410: sources.ErrInvalid,
		429: sources.ErrThrottled, 500: sources.ErrUnreachable, 502: sources.ErrUnreachable, 503: sources.ErrUnreachable,
	} {
		s := newTaken(t, func(rw http.ResponseWriter, r *http.Request) {
			rw.Header().Set("Retry-After", "11")
			rw.WriteHeader(status)
			_, _ = io.WriteString(rw, "no "+r.URL.String()+" "+r.Header.Get("Authorization"))
		})
		err := w.Open(t, s.URL, 5*time.Second).Notify(t.Context(), HostileNotice())
		w.whole(t, http.StatusText(status), err, kind)
		if e, ok := errors.AsType[*sources.Error](err); status == 429 && (!ok || e.RetryAfter != 11*time.Second) {
			t.Errorf("429: come back %v", err)
		}
		if n := len(s.got()); n > 1 && status != 401 && status != 403 {
			t.Errorf("%d: sent %d times", status, n)
		}
	}
}

func notifierRefusesRedirects(t *testing.T, w NotifierWorld) {
	other := newTaken(t, nil)
	s := newTaken(t, func(rw http.ResponseWriter, r *http.Request) {
		http.Redirect(rw, r, other.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	w.whole(t, "redirect", w.Open(t, s.URL, 5*time.Second).Notify(t.Context(), HostileNotice()), sources.ErrInvalid)
	if len(other.got()) != 0 {
		t.Error("the notice went where it was not meant to go")
	}
}

func notifierEnds(t *testing.T, w NotifierWorld) {
	over := make(chan struct{})
	s := newTaken(t, func(http.ResponseWriter, *http.Request) { <-over })
	defer close(over)
	w.whole(t, "no answer", w.Open(t, s.URL, 50*time.Millisecond).Notify(t.Context(), HostileNotice()), sources.ErrUnreachable)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	w.whole(t, "caller gone", w.Open(t, s.URL, time.Minute).Notify(ctx, HostileNotice()), sources.ErrUnreachable)
	away := httptest.NewServer(nil)
	away.Close()
	w.whole(t, "nobody there", w.Open(t, away.URL, time.Second).Notify(t.Context(), HostileNotice()), sources.ErrUnreachable)
}

func notifierIsInert(t *testing.T, w NotifierWorld) {
	s := newTaken(t, nil)
	if err := w.Open(t, s.URL, 5*time.Second).Notify(t.Context(), HostileNotice()); err != nil {
		t.Fatal(err)
	}
	for _, b := range s.got() {
		if strings.ContainsAny(string(b), "\x1b\u202e\x00\r") || len(b) > 20_000 {
			t.Errorf("%d bytes as they came: %.300q", len(b), b)
		}
		if w.Inert != nil {
			w.Inert(t, b)
		}
	}
}
