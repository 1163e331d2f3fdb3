package road_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"rampart/sources/road"
)

// guarded is a server that takes new credentials alone; heard is what it was sent, as "authorization body".
func guarded(t *testing.T, heard *[]string) *url.URL {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		*heard = append(*heard, r.Header.Get("Authorization")+" "+string(b))
		if !strings.Contains(r.Header.Get("Authorization"), "new") {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestCarrier_AsksOnceMoreWithFreshCredentials(t *testing.T) {
	for _, c := range []struct {
		name string
		who  road.Identity
		body io.Reader
		want []string
	}{
		{"a refused token", road.Identity{Bearer: turning("t")}, strings.NewReader("q"), []string{"Bearer t q", "Bearer new-t q"}},
		{"a token that is right", road.Identity{Bearer: turning("new")}, nil, []string{"Bearer new "}},
		{"nobody has nothing to ask again", road.Identity{}, strings.NewReader("q"), []string{" q"}},
		{"a body that is gone cannot be sent again", road.Identity{Bearer: turning("t")}, io.MultiReader(strings.NewReader("q")), []string{"Bearer t q"}},
	} {
		var heard []string
		at := guarded(t, &heard)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at.String(), c.body)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&road.Carrier{Next: http.DefaultTransport, Who: c.who, Hosts: []*url.URL{at}}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if strings.Join(heard, "|") != strings.Join(c.want, "|") || len(req.Header) != 0 {
			t.Errorf("%s: heard %q, want %q; the request was given back with %v", c.name, heard, c.want, req.Header)
		}
	}
}

func TestCarrier_TellsNoOtherHostWhoWeAre(t *testing.T) {
	var heard []string
	at := guarded(t, &heard)
	known := *at
	known.Host = "prom.example"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&road.Carrier{Next: http.DefaultTransport, Who: road.Identity{Bearer: turning("new")}, Hosts: []*url.URL{&known}}).RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for _, h := range heard {
		if h != " " {
			t.Errorf("another host heard %q", h)
		}
	}
}

// carried answers nothing and remembers whether what it was given was closed.
type carried struct{ io.Reader }

func (carried) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

func TestCarrier_ClosesTheBodyItWasGiven(t *testing.T) {
	given := &body{}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://prom.example", given)
	if err != nil {
		t.Fatal(err)
	}
	req.GetBody = func() (io.ReadCloser, error) { return http.NoBody, nil }
	if _, err := (&road.Carrier{Next: carried{}}).RoundTrip(req); err == nil || !given.closed { //nolint:bodyclose // there is no answer
		t.Errorf("closed %t, %v", given.closed, err)
	}
}
