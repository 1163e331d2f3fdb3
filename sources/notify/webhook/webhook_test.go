package webhook

import (
	"context"
	"crypto/hmac"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
	"rampart/sources/road"
	"rampart/sources/sourcetest"
)

type literal string

func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }

const (
	path  = "/hook/whatnobodyknows?key=norhere"
	token = "token-1234"
)

func now() time.Time { return time.Unix(1795262400, 0) }

func receiver(t *testing.T, server string, timeout time.Duration) *Receiver {
	t.Helper()
	r, err := New(Config{URL: literal(server + path), Secret: literal("signing-key"), Bearer: literal(token), Timeout: timeout, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReceiver_KeepsWhatAllNotifiersPromise(t *testing.T) {
	sourcetest.Notifier(t, sourcetest.NotifierWorld{
		Open: func(t *testing.T, server string, timeout time.Duration) sources.Notifier {
			return receiver(t, server, timeout)
		},
		Secrets: []string{"whatnobodyknows", "norhere", token, "signing-key"},
	})
}

func TestReceiver_SignsWhatItSendsAndKeepsItsKeyWhenItSendsAgain(t *testing.T) {
	var keys []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if want := road.Sign("signing-key", now(), http.MethodPost, path, body); !hmac.Equal([]byte(want), []byte(r.Header.Get("Rampart-Signature"))) {
			t.Errorf("signed %q, want %q", r.Header.Get("Rampart-Signature"), want)
		}
		var d notify.Document
		if err := json.Unmarshal(body, &struct {
			*notify.Document
			Severity string `json:"severity"`
		}{Document: &d}); err != nil || d.ID != r.Header.Get("Idempotency-Key") || d.Title != "ranker: WORSE" || r.Header.Get("Authorization") != "Bearer "+token {
			t.Errorf("%v: %s", err, body)
		}
		keys = append(keys, d.ID)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer s.Close()
	n := sources.Notice{Key: "k", Title: "ranker: WORSE", At: now()}
	r := receiver(t, s.URL, time.Second)
	for range 2 {
		_ = r.Notify(t.Context(), n)
	}
	n.At = now().Add(time.Second)
	_ = r.Notify(t.Context(), n)
	if len(keys) != 3 || keys[0] != keys[1] || keys[1] == keys[2] {
		t.Errorf("keys %q", keys)
	}
}

// rotated is a token that is right only when asked afresh.
type rotated struct{ fresh int }

func (r *rotated) Get(_ context.Context, fresh bool) (string, error) {
	if fresh {
		r.fresh++
		return token, nil
	}
	return "old", nil
}

func TestReceiver_ReadsARefusedTokenAfresh(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer s.Close()
	bearer := &rotated{}
	r, err := New(Config{URL: literal(s.URL), Bearer: bearer, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Notify(t.Context(), sources.Notice{}); err != nil || bearer.fresh != 1 {
		t.Errorf("%v after %d", err, bearer.fresh)
	}
}
