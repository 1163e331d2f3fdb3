package road_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

func TestRetryAfter_ReadsSecondsAndDatesByTheServersClock(t *testing.T) {
	for _, c := range []struct {
		after, date string
		want        time.Duration
	}{
		{"7", "", 7 * time.Second},
		{"", "", 0},
		{"0", "", 0},
		{"-3", "", 0},
		{"soon", "", 0},
		{"99999999", "", 24 * time.Hour},
		{"Sat, 21 Nov 2026 12:00:30 GMT", "Sat, 21 Nov 2026 12:00:00 GMT", 30 * time.Second},
		{"Sat, 21 Nov 2026 11:00:00 GMT", "Sat, 21 Nov 2026 12:00:00 GMT", 0},
		{"Sat, 21 Nov 2126 11:00:00 GMT", "Sat, 21 Nov 2026 12:00:00 GMT", 24 * time.Hour},
		{"Sat, 21 Nov 2026 12:00:30 GMT", "", 0},
	} {
		h := http.Header{"Retry-After": {c.after}, "Date": {c.date}}
		if got := road.RetryAfter(h); got != c.want {
			t.Errorf("Retry-After %q at %q is %v, want %v", c.after, c.date, got, c.want)
		}
	}
}

// turning gives another value when it is asked for a fresh one.
type turning string

func (s turning) Get(_ context.Context, fresh bool) (string, error) {
	switch {
	case s == "":
		return "", errors.New("file /key: no such file")
	case fresh:
		return "new-" + string(s), nil
	}
	return string(s), nil
}

func TestIdentity_SaysWhoWeAreAndAsksAgainForFreshSecrets(t *testing.T) {
	for _, c := range []struct {
		name string
		who  road.Identity
		want map[string]string
	}{
		{"an API key", road.Identity{APIKey: turning("k")}, map[string]string{"Authorization": "ApiKey new-k"}},
		{"a bearer token", road.Identity{Bearer: turning("t")}, map[string]string{"Authorization": "Bearer new-t"}},
		{"a password", road.Identity{Basic: &road.Basic{Username: "ada", Password: turning("p")}}, map[string]string{"Authorization": "Basic YWRhOm5ldy1w"}},
		{"a tenant", road.Identity{Headers: map[string]sources.Secret{"X-Tenant": turning("a")}}, map[string]string{"X-Tenant": "new-a"}},
		{"nobody", road.Identity{}, nil},
	} {
		got := http.Header{}
		if err := c.who.Add(t.Context(), got, true); err != nil || len(got) != len(c.want) {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
		for name, value := range c.want {
			if got.Get(name) != value {
				t.Errorf("%s: %s is %q, want %q", c.name, name, got.Get(name), value)
			}
		}
		if c.who.Any() != (c.want != nil) {
			t.Errorf("%s: has something to ask again: %t", c.name, c.who.Any())
		}
	}
}

func TestIdentity_ThatCannotBeReadIsADenial(t *testing.T) {
	for _, who := range []road.Identity{
		{APIKey: turning("")},
		{Bearer: turning("")},
		{Basic: &road.Basic{Password: turning("")}},
		{Headers: map[string]sources.Secret{"X": turning("")}},
	} {
		if err := who.Add(t.Context(), http.Header{}, false); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("%+v: %v", who, err)
		}
	}
}

func TestTrust_NamesTheKeyThatIsWrong(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	if err := os.WriteFile(empty, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		trust road.Trust
		want  string
	}{
		{road.Trust{CA: "/no/such/file"}, "tls.ca: open /no/such/file"},
		{road.Trust{CA: empty}, "no certificate in it"},
		{road.Trust{Cert: "/no/such/file"}, "tls.cert: open /no/such/file"},
		{road.Trust{Key: empty}, "tls.cert: "},
	} {
		if _, err := c.trust.TLS(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.trust, err, c.want)
		}
	}
	conf, err := road.Trust{ServerName: "es.example"}.TLS()
	if err != nil || conf.ServerName != "es.example" || conf.InsecureSkipVerify || conf.MinVersion != tls.VersionTLS12 {
		t.Error(conf, err)
	}
}

func TestMend_SaysWhatToDoAboutEachWayOfNotBeingAnswered(t *testing.T) {
	for want, err := range map[string]error{
		"see tls.ca": fmt.Errorf("get: %w", x509.UnknownAuthorityError{}), "begin with http://": fmt.Errorf("get: %w", tls.RecordHeaderError{}),
		"nothing listens there": fmt.Errorf("dial: %w", syscall.ECONNREFUSED), "no name server knows": fmt.Errorf("dial: %w", &net.DNSError{IsNotFound: true}),
	} {
		if got := road.Mend(err); !strings.Contains(got, want) {
			t.Errorf("%v: %q", err, got)
		}
	}
	if got := road.Mend(io.ErrUnexpectedEOF); got != "" {
		t.Errorf("anything else: %q", got)
	}
}

func TestUntrusted_IsTrustAlone(t *testing.T) {
	if err := fmt.Errorf("get: %w", x509.UnknownAuthorityError{}); !road.Untrusted(err) {
		t.Error("an unknown authority counts as trusted")
	}
	if road.Untrusted(io.ErrUnexpectedEOF) {
		t.Error("a broken connection counts as untrusted")
	}
}

func TestLoopback_IsThisMachine(t *testing.T) {
	for at, want := range map[string]bool{
		"http://127.0.0.1:9090": true, "http://[::1]:9090": true, "http://localhost": true,
		"https://prom.example": false, "http://10.0.0.1": false, "http://127.example": false,
	} {
		u, err := url.Parse(at)
		if err != nil || road.Loopback(u) != want {
			t.Errorf("%s: loopback is not %t, %v", at, want, err)
		}
	}
}

func TestSign_IsWhatAnyoneCanComputeAnew(t *testing.T) {
	// printf '1795262400.POST./split.{}' | openssl dgst -sha256 -hmac key
	got := road.Sign("key", time.Unix(1795262400, 0), "POST", "/split", []byte("{}"))
	if want := "t=1795262400,v1=ace167b35e5e8e5b4556d7cf6c476f7bf4466ba0cf2659bed3840fc8c90f29f7"; got != want {
		t.Errorf("got %s", got)
	}
}

func TestLocation_TellsWhereWithoutWhatIsSecret(t *testing.T) {
	for to, want := range map[string]string{
		"https://ada:pw@sso.example/login?token=1#x": "https://sso.example/login",
		"/login?next=1":           "http://prom.example/login",
		"":                        "nowhere",
		"http://\x1b[2J.example/": "nowhere",
	} {
		resp := &http.Response{Header: http.Header{}, Request: &http.Request{URL: &url.URL{Scheme: "http", Host: "prom.example", Path: "/api"}}}
		if to != "" {
			resp.Header.Set("Location", to)
		}
		if got := road.Location(resp); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestBroken_HasNeitherTheURLNorOurPort(t *testing.T) {
	lost := &net.OpError{Op: "read", Net: "tcp", Source: &net.TCPAddr{Port: 4711}, Addr: &net.TCPAddr{Port: 9090}, Err: io.ErrUnexpectedEOF}
	err := road.Broken(t.Context(), &url.Error{Op: "Get", URL: "http://prom/?key=1", Err: lost})
	if !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "key") || strings.Contains(err.Error(), "4711") {
		t.Error(err)
	}
	late := errors.New("no answer within 5s")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(late)
	if err := road.Broken(ctx, &url.Error{Err: ctx.Err()}); !errors.Is(err, late) {
		t.Error(err)
	}
}

func TestHTML_IsAPageForPeople(t *testing.T) {
	for kind, want := range map[string]bool{"text/html; charset=utf-8": true, "TEXT/HTML": true, "application/json": false, "": false} {
		if road.HTML(http.Header{"Content-Type": {kind}}) != want {
			t.Errorf("%q: a page is not %t", kind, want)
		}
	}
}

// body counts what is read of it, and knows whether it was closed.
type body struct {
	read   int
	closed bool
}

func (b *body) Read(p []byte) (int, error) { b.read += len(p); return len(p), nil }
func (b *body) Close() error               { b.closed = true; return nil }

func TestDiscard_EmptiesALittleAndCloses(t *testing.T) {
	var b body
	if road.Discard(&b); !b.closed || b.read > 1<<16 {
		t.Errorf("read %d bytes of an answer without end, closed %t", b.read, b.closed)
	}
}
