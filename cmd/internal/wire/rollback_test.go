package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// golden is the rollback's document as it was frozen: what is asked, and the lines of the answer. Never write it anew:
// consoles and runners of all versions speak it.
func golden(t *testing.T) (ask string, answer []string) {
	t.Helper()
	b, err := os.ReadFile("testdata/rollback.golden")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "> "); ok {
			ask = strings.TrimSpace(rest)
		} else {
			answer = append(answer, strings.TrimSpace(strings.TrimPrefix(line, "< ")))
		}
	}
	return ask, answer
}

func TestRollback_ItsBytesAreFrozen(t *testing.T) {
	ask, want := golden(t)
	r := newRunner()
	r.put(frame.Frame{Actions: []sources.Progress{r.progress(sources.Observed)}})
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		ctx, cancel := context.WithCancel(t.Context())
		s := newServer(ctx, r)
		s.peer = func(net.Conn) (credentials, error) { return credentials{uid: os.Getuid()}, nil }
		s.now = func() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
		over := make(chan struct{})
		go func() { defer close(over); _ = s.serve(p) }()
		c, _ := p.dial(ctx)
		q, _ := http.NewRequestWithContext(ctx, http.MethodPost, "http://runner/v1/rollback", strings.NewReader(ask))
		q.Close = true
		go func() { _ = q.Write(c) }()
		answer, err := io.ReadAll(c)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for line := range bytes.Lines(answer) {
			if bytes.HasPrefix(line, []byte("{")) {
				got = append(got, string(bytes.TrimSpace(line)))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		cancel()
		<-over
	})
}

// recorder is a runner of another version that answers as the golden says and keeps what it was asked.
func recorder(t *testing.T, answer []string) (c *Client, asked *string) {
	t.Helper()
	asked = new(string)
	p := newPipes()
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		*asked = string(b)
		for _, line := range answer {
			_, _ = io.WriteString(w, line+"\n")
		}
	})}
	go func() { _ = srv.Serve(p) }()
	t.Cleanup(func() { srv.Close() })
	return newClient(t.Context(), "unix:///r", Options{}, p.dial), asked
}

func TestRollback_AnyConsoleCanRollBackThroughAnyRunner(t *testing.T) {
	want, answer := golden(t)
	newer := strings.Replace(answer[0], `"version":1`, `"version":2,"mood":"fine"`, 1)
	c, asked := recorder(t, append([]string{newer}, answer[1:]...))
	var rungs []string
	last, err := c.Rollback(t.Context(), RollbackRequest{Service: "ranker", Reason: "errors tripled", ID: "01"}, func(s RollbackStep) { rungs = append(rungs, s.Rung) })
	if err != nil || !last.Done || *asked != want || !slices.Equal(rungs, []string{"none", "sent", "accepted", "configured", "effective", "observed"}) {
		t.Errorf("asked %s, got %q, %+v, %v", *asked, rungs, last, err)
	}
	r := newRunner()
	r.put(frame.Frame{Actions: []sources.Progress{r.progress(sources.Observed)}})
	code, body := raw(t, listening(t, r), http.MethodPost, "/v1/rollback", "9-ffffffff", strings.NewReader(strings.Replace(want, "{", `{"mood":"grim",`, 1)))
	if code != http.StatusOK || !strings.Contains(body, `"rung":"observed"`) {
		t.Errorf("a newer console: %d %s", code, body)
	}
}

func TestRollback_ARunnerThatDoesNotAnswerInTimeLeavesItToTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		held := make(chan net.Conn, 1)
		go func() { c, _ := p.Accept(); held <- c; _, _ = io.Copy(io.Discard, c) }() // it takes bytes and says nothing
		ctx, cancel := context.WithCancel(t.Context())
		c := newClient(ctx, "unix:///r", Options{}, p.dial)
		began := time.Now()
		_, err := c.Rollback(ctx, RollbackRequest{Service: "ranker"}, func(RollbackStep) { t.Error("nothing was said") })
		if took := time.Since(began); !errors.Is(err, sources.ErrUnreachable) || took != Answer {
			t.Errorf("after %s: %v", took, err)
		}
		cancel()
		(<-held).Close()
	})
}

func TestRollback_NothingIsDoneForACallerWhoHasGone(t *testing.T) {
	r := newRunner()
	synctest.Test(t, func(t *testing.T) {
		p := newPipes()
		defer serving(r, p)()
		c, _ := p.dial(t.Context())
		q, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://runner/v1/rollback", strings.NewReader(`{"version":1,"service":"ranker"}`))
		go func() { _ = q.Write(c) }()
		time.Sleep(Patience + time.Second) // nobody reads the first line
		synctest.Wait()
		c.Close()
	})
	if done := r.done(); len(done) > 0 {
		t.Errorf("the caller wrote alone, and the runner did %q", done)
	}
}

func TestRollback_AskedTwiceUnderOneIDIsDoneOnce(t *testing.T) {
	r := newRunner()
	r.put(frame.Frame{Actions: []sources.Progress{r.progress(sources.Observed)}})
	c := dialled(t, listening(t, r), Options{})
	for range 2 {
		if _, err := c.Rollback(t.Context(), RollbackRequest{Service: "ranker", ID: "same"}, func(RollbackStep) {}); err != nil {
			t.Fatal(err)
		}
	}
	if done := r.done(); len(done) != 2 { // one preview and one do
		t.Errorf("did %q", done)
	}
}

func TestRollback_RefusalsAndFailuresAreToldWithTheirKind(t *testing.T) {
	for _, c := range []struct {
		name, service string
		break_        func(r *runner)
		kind          error
	}{
		{"no right", "ranker", func(r *runner) { r.refuse = "alice has the role viewer" }, sources.ErrDenied},
		{"an unknown service", "nosuch", func(*runner) {}, sources.ErrInvalid},
		{"nothing to act on", "search", func(*runner) {}, sources.ErrUnsupported},
		{"no road to the plane", "ranker", func(r *runner) {
			r.failed = &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrUnreachable}
		}, sources.ErrUnreachable},
		{"it failed on the way", "ranker", func(r *runner) {
			p := r.progress(sources.Accepted)
			p.Done, p.Err, p.Alarm, p.Next = true, &sources.Error{Op: "read", Target: "lb1", Kind: sources.ErrReverted}, "somebody undid it", "look who"
			r.put(frame.Frame{Actions: []sources.Progress{p}})
		}, sources.ErrReverted},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRunner()
			c.break_(r)
			w := dialled(t, listening(t, r), Options{})
			last, err := w.Rollback(t.Context(), RollbackRequest{Service: c.service}, func(RollbackStep) {})
			if !errors.Is(err, c.kind) {
				t.Errorf("got %+v, %v", last, err)
			}
		})
	}
}

// patient is a recorder that a deadline can be set for, as for a connection.
type patient struct{ *httptest.ResponseRecorder }

func (patient) SetWriteDeadline(time.Time) error { return nil }

func TestRollback_WhatIsWrongIsToldOnce(t *testing.T) {
	refused := &sources.Error{Op: "write", Target: "lb1", Kind: sources.ErrDenied}
	w := patient{httptest.NewRecorder()}
	tell := &teller{out: &lineWriter{w: w, control: http.NewResponseController(w)}, now: time.Now}
	for _, p := range []sources.Progress{
		{Alarm: "try 1: lb1 is away"}, {}, {Alarm: "try 2: lb1 is away"}, // the second is of a frame older than the answer
		{Alarm: refused.Error(), Err: refused, Done: true, Next: "set the weights by hand"},
	} {
		if _, err := tell.progress(p); err != nil {
			t.Fatal(err)
		}
	}
	said := w.Body.String()
	if strings.Count(said, "is away") != 1 || strings.Count(said, refused.Error()) != 1 || !strings.Contains(said, `"what to do: set the weights by hand"`) {
		t.Errorf("it says\n%s", said)
	}
}

func TestRollback_AnAlarmIsToldWithWhatToDoWhereThereIsAnything(t *testing.T) {
	for next, want := range map[string]string{"": "the journal cannot be written", "make room": "the journal cannot be written (make room)"} {
		w := patient{httptest.NewRecorder()}
		tell := &teller{out: &lineWriter{w: w, control: http.NewResponseController(w)}, now: time.Now}
		if _, err := tell.progress(sources.Progress{Alarm: "the journal cannot be written", Next: next}); err != nil {
			t.Fatal(err)
		}
		var s RollbackStep
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || s.Text != want {
			t.Errorf("told %q, %v", s.Text, err)
		}
	}
}

func TestRollback_ABrokenAnswerLeavesItsEndOpen(t *testing.T) {
	_, answer := golden(t)
	c, _ := recorder(t, answer[:3])
	last, err := c.Rollback(t.Context(), RollbackRequest{Service: "ranker"}, func(RollbackStep) {})
	if !errors.Is(err, sources.ErrAmbiguous) || last.Rung != "accepted" {
		t.Errorf("got %+v, %v", last, err)
	}
	c, _ = recorder(t, []string{"this is no step"})
	if _, err = c.Rollback(t.Context(), RollbackRequest{Service: "ranker"}, func(RollbackStep) {}); !errors.Is(err, sources.ErrUnreachable) {
		t.Errorf("an answer of something else: %v", err)
	}
}
