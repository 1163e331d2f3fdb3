package slack

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

type literal string

func (l literal) Get(context.Context, bool) (string, error) { return string(l), nil }

const path = "/services/T000/B000/whatnobodyknows"

func TestReceiver_KeepsWhatAllNotifiersPromise(t *testing.T) {
	sourcetest.Notifier(t, sourcetest.NotifierWorld{
		Open: func(t *testing.T, server string, timeout time.Duration) sources.Notifier {
			r, err := New(Config{URL: literal(server + path), Timeout: timeout})
			if err != nil {
				t.Fatal(err)
			}
			return r
		},
		Secrets: []string{path, "whatnobodyknows"},
		Inert: func(t *testing.T, body []byte) {
			for _, live := range []string{"<!", "<http", "@here", "](", "javascript:"} {
				if strings.Contains(string(body), live) {
					t.Errorf("%q is alive in %.400s", live, body)
				}
			}
			var m message
			if err := json.Unmarshal(body, &m); err != nil || len(m.Attachments) != 1 || m.Attachments[0].Color != "danger" {
				t.Errorf("%v: %+v", err, m)
			}
		},
	})
}

func TestReceiver_RepeatsOnlySlacksOwnWordsOfARefusal(t *testing.T) {
	for body, says := range map[string]string{"no_service": "status 404: no_service", "no token-" + path: "status 404 (", "": "status 404 ("} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(body))
		}))
		r, err := New(Config{URL: literal(s.URL + path)})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Notify(t.Context(), sources.Notice{}); !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), path) {
			t.Errorf("%q: %v", body, err)
		}
		s.Close()
	}
}

func TestReceiver_SaysThatItsAddressIsNoneWithoutRepeatingIt(t *testing.T) {
	for _, url := range []string{"", "hooks.slack.com" + path, "ftp://x" + path, "http://[" + path, "http://a b" + path} {
		r, err := New(Config{URL: literal(url)})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Notify(t.Context(), sources.Notice{}); err == nil || sources.Retryable(err) || strings.Contains(err.Error(), "whatnobodyknows") {
			t.Errorf("%q: %v", url, err)
		}
	}
	if _, err := New(Config{}); err == nil {
		t.Error("no url was taken")
	}
}
