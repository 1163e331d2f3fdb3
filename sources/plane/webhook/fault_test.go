package webhook

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

func planned(t *testing.T, p *Plane) sources.Change {
	t.Helper()
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Plan(t.Context(), r, sources.Intent{ID: "mine", Verb: sources.RollBack})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func says(code int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if k, v, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(k, v)
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

func TestApply_SaysWhatBecameOfAWriteAndSendsItOnce(t *testing.T) {
	cut := func(w http.ResponseWriter, _ *http.Request) {
		if c, _, err := w.(http.Hijacker).Hijack(); err == nil {
			c.Close()
		}
	}
	for name, c := range map[string]struct {
		odd  http.HandlerFunc
		want string
		kind error
	}{
		"500":                {says(500, "", "stack trace"), "status 500", sources.ErrAmbiguous},
		"502":                {says(502, "", "<html>"), "status 502", sources.ErrAmbiguous},
		"a redirect":         {says(307, "Location: https://other/split?key=1", ""), "status 307 leads to https://other/split, and redirects are not followed", sources.ErrUnreachable},
		"429":                {says(429, "Retry-After: 11", ""), "status 429", sources.ErrThrottled},
		"403":                {says(403, "", "token "+token), "status 403", sources.ErrDenied},
		"409":                {says(409, "", ""), "status 409", sources.ErrConflict},
		"404":                {says(404, "", ""), "status 404", sources.ErrUnreachable},
		"400":                {says(400, "", ""), "status 400", sources.ErrInvalid},
		"a login page":       {says(200, "", "<html>login</html>"), "no answer as agreed", sources.ErrAmbiguous},
		"another intent":     {says(200, "", `{"intent_id":"yours"}`), `answered for intent "yours"`, sources.ErrAmbiguous},
		"a told error":       {says(503, "", `{"error":{"kind":"denied","text":"not with `+token+`"}}`), "not with ***", sources.ErrDenied},
		"a connection lost":  {cut, "EOF", sources.ErrAmbiguous},
		"no end":             {says(200, "Content-Length: 1000", `{"intent_id":`), "unexpected EOF", sources.ErrAmbiguous},
		"nothing to be said": {says(200, "", ``), "no answer as agreed", sources.ErrAmbiguous},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRouter(t)
			r.odd = c.odd
			p := r.plane(t)
			rc, err := p.Apply(t.Context(), planned(t, p))
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), token) {
				t.Errorf("said %v", err)
			}
			e, _ := errors.AsType[*sources.Error](err)
			if open := errors.Is(c.kind, sources.ErrAmbiguous); e.Sent != open {
				t.Errorf("sent: %v", e.Sent)
			}
			if n := r.sent(); n != 1 || len(rc.Answer) != 1 {
				t.Errorf("sent %d times, %d answers", n, len(rc.Answer))
			}
			if name == "429" && e.RetryAfter != 11*time.Second {
				t.Errorf("come back in %v", e.RetryAfter)
			}
		})
	}
}

func TestApply_ThatIsSlowHasAnOutcomeThatIsNotKnownAndAReadTellsIt(t *testing.T) {
	r := newRouter(t)
	over := make(chan struct{})
	defer close(over)
	r.odd = func(http.ResponseWriter, *http.Request) {
		r.mu.Unlock()
		<-over
		r.mu.Lock()
	}
	p := r.plane(t, func(c *Config) { c.Timeout = 300 * time.Millisecond })
	c := planned(t, p)
	rc, err := p.Apply(t.Context(), c)
	if !errors.Is(err, sources.ErrAmbiguous) || !strings.Contains(err.Error(), "no answer within 300ms") {
		t.Errorf("said %v", err)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung < sources.Configured || out.Reading.Configured.Candidate != 0 {
		t.Errorf("%v of %v, %v", out.Rung, out.Reading.Configured, err)
	}
	if n := r.sent(); n != 1 {
		t.Errorf("sent %d times", n)
	}
}

func TestRead_TellsTheKindOfAFailure(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   error
		want   string
	}{
		"down":       {says(503, "Retry-After: 3", ""), sources.ErrUnreachable, "status 503"},
		"a redirect": {says(302, "Location: /login", ""), sources.ErrUnreachable, "/login"},
		"throttled":  {says(429, "", ""), sources.ErrThrottled, "status 429"},
		"garbage":    {says(200, "", "5 %"), sources.ErrInvalid, "no answer as agreed"},
		"no reading": {says(200, "", "{}"), sources.ErrInvalid, "lacks what the call asks for"},
	} {
		s := httptest.NewServer(c.answer)
		p, err := New(Config{Read: s.URL, Write: s.URL}, nil, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Read(t.Context()); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		s.Close()
	}
}

// rotated is a token that is right only when asked afresh.
type rotated struct{ fresh int }

func (r *rotated) Get(_ context.Context, fresh bool) (string, error) {
	if fresh {
		r.fresh++
		return token, nil
	}
	return "old-token-1", nil
}

func TestBearer_ThatWasRefusedIsReadAfresh(t *testing.T) {
	r, bearer := newRouter(t), &rotated{}
	p := r.plane(t, func(c *Config) { c.Bearer = bearer })
	if _, err := p.Read(t.Context()); err != nil || bearer.fresh != 1 {
		t.Errorf("%v after %d", err, bearer.fresh)
	}
	p = r.plane(t, func(c *Config) { c.Bearer = literal("never-right") })
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrDenied) || strings.Contains(err.Error(), "never-right") {
		t.Errorf("said %v", err)
	}
	p = r.plane(t, func(c *Config) { c.Secret = literal("wrong") })
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("a wrong signature: %v", err)
	}
}

func TestNew_RefusesAConfigThatCannotWork(t *testing.T) {
	for name, c := range map[string]Config{
		"no url":      {Write: "http://a/"},
		"ftp":         {Read: "ftp://a/", Write: "http://a/"},
		"credentials": {Read: "http://u:p@a/", Write: "http://a/"},
		"no such ca":  {Read: "https://a/", Write: "https://a/", TLS: road.Trust{CA: "/none"}},
		"no such key": {Read: "https://a/", Write: "https://a/", TLS: road.Trust{Cert: "/none"}},
	} {
		if _, err := New(c, nil, now); !errors.Is(err, sources.ErrInvalid) || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
