package prom

import (
	"context"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

// recorded is an answer under testdata/prom.
func recorded(t testing.TB, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "prom", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// answers says the same to whoever asks.
func answers(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func TestFault_EachHasItsKindAndPlaceAndNoSecret(t *testing.T) {
	cases := map[string]struct {
		answer http.HandlerFunc
		kind   error
		says   string
	}{
		"401":               {answers(401, "no"), sources.ErrDenied, "status 401"},
		"403":               {answers(403, "no"), sources.ErrDenied, "status 403"},
		"404":               {answers(404, "404 page not found"), sources.ErrInvalid, "before /api/v1"},
		"422":               {answers(422, recorded(t, "too_many_samples.json")), sources.ErrInvalid, "max-samples"},
		"bad PromQL":        {answers(400, recorded(t, "parse_error.json")), sources.ErrInvalid, "line 1, column 17"},
		"429":               {answers(429, "", "Retry-After", "7"), sources.ErrThrottled, "status 429 (see how many queries"},
		"503":               {answers(503, recorded(t, "timeout.json")), sources.ErrUnreachable, "raise its query.timeout"},
		"truncated JSON":    {answers(200, recorded(t, "truncated.json")), sources.ErrUnreachable, "the answer was cut off on the way (the server"},
		"cut in a series":   {answers(200, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{`), sources.ErrUnreachable, "the answer was cut off on the way"},
		"HTML, told so":     {answers(200, "<html>login</html>", "Content-Type", "text/html; charset=utf-8"), sources.ErrInvalid, "HTML page"},
		"HTML, not told":    {answers(200, "<html>login</html>"), sources.ErrInvalid, "not its JSON"},
		"HTML 502":          {answers(502, "<html>bad gateway</html>", "Content-Type", "text/html"), sources.ErrUnreachable, "status 502 (see whether it, or what stands before it,"},
		"503, nothing said": {answers(503, ""), sources.ErrUnreachable, "is starting, down or overloaded"},
		"other JSON":        {answers(200, `{"hello":"world"}`), sources.ErrInvalid, "no status"},
		"a list":            {answers(200, `[1,2]`), sources.ErrInvalid, "expected"},
		"a scalar":          {answers(200, `{"status":"success","data":{"resultType":"scalar","result":[]}}`), sources.ErrInvalid, "a scalar where"},
		"samples of words":  {answers(200, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"x"]]}]}}`), sources.ErrInvalid, "no number"},
		"an error in 200":   {answers(200, `{"status":"error","errorType":"execution","error":"it broke"}`), sources.ErrInvalid, "it broke"},
		"a redirect":        {answers(302, "", "Location", "https://user:hunter2@sso.example/login?token=hunter2"), sources.ErrInvalid, "leads to https://sso.example/login"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			withUser := strings.Replace(server.URL, "http://", "http://alice:hunter2@", 1)
			src := openURL(t, withUser)
			err := src.Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
			_, terr := src.Threshold(t.Context(), "up", t0)
			herr := src.Health(t.Context()).Err
			for what, err := range map[string]error{"blocks": err, "threshold": terr, "health": herr} {
				if what == "threshold" && name == "a scalar" || what == "health" && (name == "a scalar" || name == "samples of words") {
					continue // another fault, or none, where only one number is wanted
				}
				if !errors.Is(err, c.kind) {
					t.Errorf("%s: %v is not %v", what, err, c.kind)
				}
				if strings.Contains(fmt.Sprint(err), "hunter2") || strings.Contains(fmt.Sprint(err), "rq_total") {
					t.Errorf("%s: %v tells a secret, or the whole query", what, err)
				}
			}
			for _, err := range []error{err, herr} {
				if err == nil {
					continue
				}
				if !strings.Contains(fmt.Sprint(err), c.says) || !strings.Contains(fmt.Sprint(err), server.Listener.Addr().String()) {
					t.Errorf("%v does not say %q and where", err, c.says)
				}
			}
		})
	}
}

func TestFault_RetryAfterIsKept(t *testing.T) {
	server := httptest.NewServer(answers(429, "", "Retry-After", "7"))
	defer server.Close()
	_, err := openURL(t, server.URL).Threshold(t.Context(), "up", t0)
	if e, ok := errors.AsType[*sources.Error](err); !ok || e.RetryAfter != 7*time.Second {
		t.Errorf("%+v", err)
	}
}

func TestFault_RefusedAndUntrusted(t *testing.T) {
	gone := httptest.NewServer(answers(200, ""))
	gone.Close()
	plain := httptest.NewServer(answers(200, ""))
	defer plain.Close()
	tls := httptest.NewUnstartedServer(answers(200, ""))
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	for name, c := range map[string]struct{ url, says string }{
		"refused":           {gone.URL, "connection refused (nothing listens there: see whether it is up, and url in the config)"},
		"unknown authority": {tls.URL, "tls.ca"},
		"http to https":     {strings.Replace(tls.URL, "https", "http", 1), ""},
		"https to http":     {strings.Replace(plain.URL, "http", "https", 1), "url may have to begin with http://"},
		"no such host":      {"http://alice:hunter2@no-such-host.invalid", "no-such-host.invalid"},
	} {
		err := openURL(t, c.url).Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
		if err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "rq_total") {
			t.Errorf("%s: %v", name, err)
		}
		if name != "http to https" && !errors.Is(err, sources.ErrUnreachable) {
			t.Errorf("%s: %v is not unreachable", name, err)
		}
	}
}

func TestFault_AServerThatHangsEndsWithTheQuerysOwnDeadline(t *testing.T) {
	stop := make(chan struct{})
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if strings.HasPrefix(r.FormValue("query"), "half") {
			fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[`)
			w.(http.Flusher).Flush()
		}
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(stop)
	src := openURL(t, server.URL, func(c *Config) { c.Timeout = 50 * time.Millisecond })
	half := errorsQuery()
	half.Counter = "half_total"
	for _, bs := range src.Blocks(t.Context(), []sources.BlockQuery{errorsQuery(), half}, window(1)) {
		if !errors.Is(bs.Err, sources.ErrUnreachable) || !errors.Is(bs.Err, context.DeadlineExceeded) || !strings.Contains(bs.Err.Error(), "no answer within 50ms (it hangs or is overloaded") {
			t.Error(bs.Err)
		}
	}
	if h := src.Health(t.Context()); !errors.Is(h.Err, sources.ErrUnreachable) {
		t.Errorf("health: %v", h.Err)
	}
}

func TestFault_OneMeasuresFailureLeavesTheOthersAlone(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	mux := http.NewServeMux()
	mux.HandleFunc("/api/v1/query", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.FormValue("query"), "bad") {
			answers(503, "")(w, r)
			return
		}
		s.ServeHTTP(w, r)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	bad := errorsQuery()
	bad.Counter = "bad_total"
	out := openURL(t, server.URL).Blocks(t.Context(), []sources.BlockQuery{bad, errorsQuery()}, window(1))
	if !errors.Is(out[0].Err, sources.ErrUnreachable) || out[1].Err != nil {
		t.Errorf("errors: %v, %v", out[0].Err, out[1].Err)
	}
	expect(t, out[1], "1/0", "-")
}

// turning is a secret that is another one when asked afresh.
type turning struct {
	now, next string
	fresh     atomic.Int64
}

func (s *turning) Get(_ context.Context, fresh bool) (string, error) {
	if fresh {
		s.fresh.Add(1)
		s.now = s.next
	}
	return s.now, nil
}

func TestSecret_IsAskedAgainOnceAfter401(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	guarded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer new" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		s.ServeHTTP(w, r)
	})
	server := httptest.NewServer(guarded)
	defer server.Close()
	q := errorsQuery()
	q.Target.Select = nil

	good := &turning{now: "old", next: "new"}
	bs := openURL(t, server.URL, func(c *Config) { c.Bearer = good }).Blocks(t.Context(), []sources.BlockQuery{q}, window(1))[0]
	if bs.Err != nil || good.fresh.Load() != 1 {
		t.Errorf("err %v, asked afresh %d times", bs.Err, good.fresh.Load())
	}
	bad := &turning{now: "old", next: "worse-hunter2"}
	_, err := openURL(t, server.URL, func(c *Config) { c.Bearer = bad }).Threshold(t.Context(), "up", t0)
	if !errors.Is(err, sources.ErrDenied) || bad.fresh.Load() != 1 || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("err %v, asked afresh %d times", err, bad.fresh.Load())
	}
}

type unreadable struct{}

func (unreadable) Get(context.Context, bool) (string, error) {
	return "", errors.New("secret file /x: no such file")
}

func TestSecret_ThatCannotBeReadIsADenialThatNamesItsPlace(t *testing.T) {
	_, err := openURL(t, "http://127.0.0.1:1", func(c *Config) { c.Bearer = unreadable{} }).Threshold(t.Context(), "up", t0)
	if !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "secret file /x: no such file") {
		t.Error(err)
	}
}

func TestTransport_CredentialsAndHeadersAreSentToTheConfiguredHostOnly(t *testing.T) {
	var seen http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		answers(200, `{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}`)(w, r)
	}))
	defer server.Close()
	src := openURL(t, server.URL, func(c *Config) {
		c.Basic = &road.Basic{Username: "alice", Password: literal("pw")}
		c.Headers = map[string]sources.Secret{"X-Scope-OrgID": literal("team-a")}
	})
	if got, err := src.Threshold(t.Context(), "1+1", t0); err != nil || got.Value != 2 {
		t.Fatal(got, err)
	}
	if user, _, _ := (&http.Request{Header: seen}).BasicAuth(); user != "alice" || seen.Get("X-Scope-OrgID") != "team-a" {
		t.Errorf("headers = %v", seen)
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = r.Header.Clone() }))
	defer elsewhere.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, elsewhere.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := src.way.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if seen.Get("Authorization") != "" || seen.Get("X-Scope-OrgID") != "" {
		t.Errorf("another host got %v", seen)
	}
}

func TestTransport_AnAuthorityOfOnesOwnIsTrusted(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	server := httptest.NewTLSServer(&s)
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, read(t, openURL(t, server.URL, func(c *Config) { c.TLS.CA = ca }), errorsQuery(), window(1)), "1/0", "-")
	loose := openURL(t, server.URL, func(c *Config) { c.TLS.Insecure = true })
	expect(t, read(t, loose, errorsQuery(), window(1)), "1/0", "-")
	if h := loose.Health(t.Context()); !noted(h.Notes, "not verified") {
		t.Errorf("notes = %v", h.Notes)
	}
	if _, err := New(Config{URL: server.URL, TLS: road.Trust{CA: "/no/such/file"}}); err == nil || !strings.Contains(err.Error(), "/no/such/file") {
		t.Errorf("a missing authority gave %v", err)
	}
}

func TestTransport_AProxyIsAsked(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "prometheus.example" {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	src := openURL(t, "http://prometheus.example", func(c *Config) { c.Proxy = proxy.URL })
	expect(t, read(t, src, errorsQuery(), window(1)), "1/0", "-")
}

func TestTransport_AServerThatTakesNoPostIsAskedByGet(t *testing.T) {
	var s store
	s.put("rq_total"+stable, every(15, -1, 1, 2)...)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		s.ServeHTTP(w, r)
	}))
	defer server.Close()
	expect(t, read(t, openURL(t, server.URL), errorsQuery(), window(1)), "1/0", "-")
}

func TestConfig_IsRefusedWithAReasonAndWithoutItsSecrets(t *testing.T) {
	for says, c := range map[string]Config{
		"want http":             {URL: "ftp://alice:hunter2@x"},
		"not a url":             {URL: "http://alice:hunter2@x:port"},
		"one of bearer":         {URL: "http://x", Bearer: literal("t"), Basic: &road.Basic{Username: "a", Password: literal("p")}},
		"username and password": {URL: "http://x", Basic: &road.Basic{Username: "a"}},
		"belong together":       {URL: "https://x", TLS: road.Trust{Cert: "c"}},
		"negative":              {URL: "http://x", Timeout: -1},
		"no header's name":      {URL: "http://x", Headers: map[string]sources.Secret{"X Y": literal("v")}},
	} {
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}

func TestHealth_SaysWhatItIsWhoWeAreAndItsTime(t *testing.T) {
	mux := http.NewServeMux()
	ahead := time.Now().Add(90 * time.Second)
	mux.HandleFunc("/api/v1/query", answers(200, `{"status":"success","data":{"resultType":"vector","result":[]}}`, "Date", ahead.UTC().Format(http.TimeFormat)))
	mux.HandleFunc("/api/v1/status/buildinfo", answers(200, recorded(t, "buildinfo.json")))
	mux.HandleFunc("/api/v1/status/runtimeinfo", answers(403, ""))
	server := httptest.NewServer(mux)
	defer server.Close()
	h := openURL(t, strings.Replace(server.URL, "//", "//alice:hunter2@", 1)).Health(t.Context())
	if h.Err != nil || h.Version.String() != "2.42.0+ds" || h.Who.String() != "alice (basic)" || h.Target != server.URL {
		t.Errorf("%+v", h)
	}
	if h.Skew < 88*time.Second || h.Skew > 92*time.Second || !noted(h.Notes, "ahead of ours") {
		t.Errorf("skew %v, notes %v", h.Skew, h.Notes)
	}
}

func TestRefused_IsAQueryThatIsNoneAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   bool
	}{
		"bad PromQL":       {answers(400, recorded(t, "parse_error.json")), true},
		"too many samples": {answers(422, recorded(t, "too_many_samples.json")), false},
		"another address":  {answers(404, "404 page not found"), false},
		"a login page":     {answers(200, "<html>login</html>", "Content-Type", "text/html"), false},
		"nothing matched":  {answers(200, `{"status":"success","data":{"resultType":"vector","result":[]}}`), false},
		"no server":        {answers(503, ""), false},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.answer)
			defer server.Close()
			src := openURL(t, server.URL)
			_, terr := src.Threshold(t.Context(), "up", t0)
			berr := src.Check(t.Context(), errorsQuery(), t0).Err
			if Refused(terr) != c.want || Refused(berr) != c.want {
				t.Errorf("refused: %t as an expression, %t as a measure, want %t (%v)", Refused(terr), Refused(berr), c.want, terr)
			}
		})
	}
}

func TestBlocks_SamplesOutOfOrderOrFromTheFutureSayTheirCause(t *testing.T) {
	answer := func(values string) http.HandlerFunc {
		return answers(200, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"rq_total","app":"ranker","track":"stable","code":"200"},"values":[`+values+`]}]}}`)
	}
	at := t0.Unix()
	for name, c := range map[string]struct {
		values string
		kind   error
		says   string
	}{
		"out of order": {fmt.Sprintf(`[%d,"5"],[%d,"4"]`, at, at-15), sources.ErrInvalid, "the samples of a series do not ascend in time (what answers merges several stores"},
		"one twice":    {fmt.Sprintf(`[%d,"5"],[%d,"5"]`, at, at), sources.ErrInvalid, "do not ascend in time"},
		"the future":   {fmt.Sprintf(`[%d,"5"],[%d,"6"]`, at+3600, at+3615), sources.ErrNoData, "all samples lie after the asked time, by up to 1h0m"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(answer(c.values))
			defer server.Close()
			err := openURL(t, server.URL).Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %s", err, c.says)
			}
		})
	}
}

func TestFault_AConnectionThatBreaksReadsTheSameEachTime(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.(*net.TCPConn).SetLinger(0) // a reset, as a server that dies sends
		_ = conn.Close()
	}))
	defer server.Close()
	src := openURL(t, server.URL)
	var told []string
	for range 2 {
		err := src.Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
		if !errors.Is(err, sources.ErrUnreachable) {
			t.Fatalf("a reset is %v", err)
		}
		told = append(told, err.Error())
	}
	if told[0] != told[1] || strings.Contains(told[0], "->") {
		t.Errorf("the same failure reads\n%s\n%s", told[0], told[1])
	}
}
