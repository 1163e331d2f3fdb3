package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

func me(t testing.TB) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}

func TestAttach_ManyConsolesSeeTheSameFrameAndItIsEncodedOnce(t *testing.T) {
	r := newRunner()
	r.put(frame.Frame{Context: "prod", Verdict: analysis.Verdict{Sentence: "one"}})
	address := listening(t, r)
	var wg sync.WaitGroup
	first := make(chan string, 20)
	for range 20 {
		c := dialled(t, address, Options{})
		wg.Go(func() {
			for {
				f, err := c.Next(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				if f.Verdict.Sentence == "one" {
					first <- f.Service
					continue
				}
				if f.Verdict.Sentence != "two" || f.Session.Actor != me(t) || f.Session.Role != sources.Operator {
					t.Errorf("got %q for %+v", f.Verdict.Sentence, f.Session)
				}
				return
			}
		})
	}
	for range 20 {
		if s := <-first; s != "ranker" {
			t.Errorf("the first service is %q", s)
		}
	}
	r.put(frame.Frame{Context: "prod", Verdict: analysis.Verdict{Sentence: "two"}})
	wg.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.readers != 1 {
		t.Errorf("the service was read %d times for 20 consoles", r.readers)
	}
}

func TestAttach_AConsoleActsAsTheUserOfItsSocket(t *testing.T) {
	r := newRunner()
	c := dialled(t, listening(t, r), Options{Actor: "root of all evil"})
	ctx := t.Context()
	p, err := c.Preview(ctx, sources.Action{Verb: sources.RollBack})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Do(ctx, p.ID, p.Confirm.Word)
	if err != nil || got.Rung != sources.Accepted || len(got.Rungs) != 2 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if err := errors.Join(c.Unlock(ctx, time.Minute, "why"), c.Note(ctx, "hi"), c.Refresh(ctx), c.Confirm(ctx, "p1"), c.Approve(ctx, sources.Approval{To: 250_000})); err != nil {
		t.Fatal(err)
	}
	want := []string{me(t) + " previews rollback", me(t) + " does p1", me(t) + " unlocks for 1m0s: why", me(t) + " notes hi", "refresh ranker", me(t) + " confirms p1", me(t) + " approves 25 %"}
	if !slices.Equal(r.done(), want) {
		t.Errorf("got %q, want %q", r.done(), want)
	}
}

func TestAttach_ATrustedFrontActsForOthers(t *testing.T) {
	r := newRunner()
	r.trusted = true
	c := dialled(t, listening(t, r), Options{Actor: "alice"})
	if err := c.Note(t.Context(), "hi"); err != nil || !slices.Equal(r.done(), []string{"alice notes hi"}) {
		t.Errorf("got %q, %v", r.done(), err)
	}
}

func TestPeer_AClaimThatIsNotBelievedIsKept(t *testing.T) {
	ctx := withCredentials(t.Context(), nil, func(net.Conn) (credentials, error) { return credentials{os.Getuid(), 99}, nil })
	q, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://x", nil)
	q.Header.Set(actorHeader, "alice")
	p, err := peerOf(q, newRunner())
	if err != nil || p.Name != me(t) || !strings.HasSuffix(p.From, "process 99, claims to be alice") {
		t.Errorf("got %+v, %v", p, err)
	}
	q.Header.Set(actorHeader, strings.Repeat("x", 65))
	if _, err := peerOf(q, newRunner()); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("a name without end: %v", err)
	}
	if _, err := peerOf(q.WithContext(t.Context()), newRunner()); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("nobody knows who: %v", err)
	}
}

func TestAttach_QuestionsAreAnsweredAndRefusalsKeepTheirKind(t *testing.T) {
	c := dialled(t, listening(t, newRunner()), Options{})
	ctx := t.Context()
	page, err := c.Logs(ctx, frame.LogsQuery{Match: "boom", Limit: 5})
	if err != nil || page.Held != 5 || page.Lines[0].Message.String() != `\x1b[31mboom` {
		t.Errorf("got %+v, %v", page, err)
	}
	if l, err := c.Line(ctx, "1"); err != nil || len(l.Fields) != 1 {
		t.Errorf("got %+v, %v", l, err)
	}
	if _, err := c.Line(ctx, "no such line"); !errors.Is(err, sources.ErrNoData) {
		t.Errorf("an unknown line: %v", err)
	}
	if all, err := c.Services(ctx); err != nil || len(all) != 2 || all[0].Call != analysis.Worse {
		t.Errorf("got %+v, %v", all, err)
	}
	if _, err := c.Do(ctx, "p1", "wrong"); !errors.Is(err, sources.ErrDenied) || errors.Is(err, sources.ErrAmbiguous) {
		t.Errorf("a wrong word: %v", err)
	}
	if _, err := c.Preview(ctx, sources.Action{Service: "search"}); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("another service than the screen's: %v", err)
	}
}

func TestAttach_TurningToAnotherServiceBringsItsFrames(t *testing.T) {
	r := newRunner()
	r.put(frame.Frame{})
	c := dialled(t, listening(t, r), Options{})
	if f, err := c.Next(t.Context()); err != nil || f.Service != "ranker" {
		t.Fatalf("got %v, %v", f, err)
	}
	if err := c.Service(t.Context(), "nosuch"); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("an unknown service: %v", err)
	}
	if err := c.Service(t.Context(), "search"); err != nil {
		t.Fatal(err)
	}
	if f, err := c.Next(t.Context()); err != nil || f.Service != "search" {
		t.Fatalf("got %v, %v", f, err)
	}
	if _, err := c.Preview(t.Context(), sources.Action{Verb: sources.RollBack}); !errors.Is(err, sources.ErrUnsupported) {
		t.Errorf("a service without a plane: %v", err)
	}
}

func TestDial_SaysWhyThereIsNoRunner(t *testing.T) {
	for _, c := range []struct {
		address string
		kind    error
	}{
		{"unix:///nonexistent/r.sock", sources.ErrUnreachable},
		{"http://x", sources.ErrInvalid},
		{"unix://", sources.ErrInvalid},
		{"ssh://-oProxyCommand=evil", sources.ErrInvalid},
		{"ssh://a;b", sources.ErrInvalid},
		{"ssh://me:secret@host", sources.ErrInvalid},
		{":", sources.ErrInvalid},
	} {
		if _, err := Dial(t.Context(), c.address, Options{}); !errors.Is(err, c.kind) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", c.address, err)
		}
	}
}

// raw sends one request as it is.
func raw(t *testing.T, address, method, path, shape string, body io.Reader) (int, string) {
	t.Helper()
	c, err := New(t.Context(), address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	q, err := http.NewRequestWithContext(t.Context(), method, "http://runner"+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if shape != "" {
		q.Header.Set(wireHeader, shape)
	}
	r, err := c.http.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(b)
}

func TestServe_AnotherVersionIsRefusedInPlainWords(t *testing.T) {
	address := listening(t, newRunner())
	for _, path := range []string{"/v1/frames?service=ranker", "/v1/services"} {
		code, body := raw(t, address, http.MethodGet, path, "0-deadbeef", nil)
		if code != http.StatusConflict || !strings.Contains(body, "the runner is rampart v1") || !strings.Contains(body, "0-deadbeef") || !strings.Contains(body, "rolling back works with any") {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	if code, body := raw(t, address, http.MethodPost, "/v1/preview", "", strings.NewReader("{}")); code != http.StatusConflict {
		t.Errorf("no version: %d %s", code, body)
	}
	if code, body := raw(t, address, http.MethodGet, "/v1/hello", "0-deadbeef", nil); code != http.StatusOK || !strings.Contains(body, Shape()) {
		t.Errorf("hello: %d %s", code, body)
	}
}

func TestServe_GarbageIsRefusedAndServesOn(t *testing.T) {
	r := newRunner()
	address := listening(t, r)
	for body, want := range map[string]int{
		"{": http.StatusBadRequest, `{"Service":"ranker","Sudo":true}`: http.StatusBadRequest, `{"Service":"nosuch"}`: http.StatusBadRequest,
		strings.Repeat(" ", mostAsked+1): http.StatusBadRequest,
	} {
		if code, answer := raw(t, address, http.MethodPost, "/v1/note", Shape(), strings.NewReader(body)); code != want {
			t.Errorf("%.40q: %d %s", body, code, answer)
		}
	}
	for path, want := range map[string]int{"/v1/frames?service=nosuch": 400, "/v2/frames": 404, "/v1/do": 405, "/v1/logs?service=ranker&match=x&limit=3": 200, "/v1/line?service=ranker&id=1": 200} {
		if code, answer := raw(t, address, http.MethodGet, path, "", nil); code != want {
			t.Errorf("%s: %d %s", path, code, answer)
		}
	}
	c, err := net.Dial("unix", strings.TrimPrefix(address, "unix://"))
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Write([]byte("\x16\x03\x01\x00 this is no HTTP\r\n\r\n"))
	answer, _ := io.ReadAll(c)
	if !bytes.Contains(answer, []byte("400 Bad Request")) {
		t.Errorf("bytes that are no HTTP: %q", answer)
	}
	if done := r.done(); len(done) > 0 {
		t.Errorf("garbage did %q", done)
	}
}

func TestListen_ARunnerThatIsToldToEndWhileItStartsMeetsNobody(t *testing.T) {
	told, end := context.WithCancel(t.Context())
	end()
	l, err := Listen(told, filepath.Join(t.TempDir(), "s"), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
}

func TestTakeOver_ReplacesASocketThatSomebodyListensBehindAndKeepsItWhenThatOneEnds(t *testing.T) {
	dir, err := os.MkdirTemp("", "w")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "r.sock")
	hung, err := Listen(t.Context(), path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	mine, err := TakeOver(t.Context(), path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	hung.Close()
	got := make(chan error, 1)
	go func() {
		c, err := mine.Accept()
		if err == nil {
			c.Close()
		}
		got <- err
	}()
	if !Lives(t.Context(), path) {
		t.Error("the socket went with the one that it was taken from")
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
	mine.Close()
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its own socket is left over: %v", err)
	}
}

func TestListen_TellsADeadRunnersSocketFromALiveOne(t *testing.T) {
	dir, err := os.MkdirTemp("", "w")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, "deep", "r.sock")
	if Lives(t.Context(), path) {
		t.Error("nothing is there")
	}
	dead, err := Listen(t.Context(), path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), path, 0o600); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("a live one: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("its mode: %v, %v", info.Mode(), err)
	}
	dead.(*door).Listener.Close() // as kill -9 leaves it
	if Lives(t.Context(), path) {
		t.Error("a dead one lives")
	}
	again, err := Listen(t.Context(), path, 0o660)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), file, 0o600); !errors.Is(err, sources.ErrConflict) {
		t.Errorf("a file that is no socket: %v", err)
	}
}

func TestServe_EndsWithItsContextAndItsConsolesAreTold(t *testing.T) {
	dir, err := os.MkdirTemp("", "w")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	r := newRunner()
	r.put(frame.Frame{Verdict: analysis.Verdict{Call: analysis.Safe}})
	address, end := listeningAt(t, r, filepath.Join(dir, "r.sock"))
	c := dialled(t, address, Options{})
	if _, err := c.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	end()
	f, err := c.Next(t.Context())
	if err != nil || f.Sources[0].Name != "runner" || f.Sources[0].State != frame.SourceDown || f.Verdict.Call != analysis.Stale {
		t.Fatalf("got %+v, %v", f.Sources, err)
	}
	if _, err := c.Do(t.Context(), "p1", "ranker"); !errors.Is(err, sources.ErrUnreachable) || errors.Is(err, sources.ErrAmbiguous) {
		t.Errorf("nothing was sent, so nothing is open: %v", err)
	}
	listeningAt(t, r, filepath.Join(dir, "r.sock"))
	r.put(frame.Frame{Verdict: analysis.Verdict{Call: analysis.Safe, Sentence: "back"}})
	for f.Verdict.Sentence != "back" {
		if f, err = c.Next(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(f.Sources) != 0 {
		t.Errorf("the runner is back, and still shown: %+v", f.Sources)
	}
}

func TestClient_EndsWithItsContext(t *testing.T) {
	r := newRunner()
	ctx, cancel := context.WithCancel(t.Context())
	c, err := Dial(ctx, listening(t, r), Options{})
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { _, err := c.Next(t.Context()); over <- err }()
	cancel()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
