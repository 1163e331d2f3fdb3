package haproxy

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestFaults_AreToldByKindAndWhetherAnythingWasSent(t *testing.T) {
	for name, c := range map[string]struct {
		hurt func(*runtime)
		kind error
		sent bool
	}{
		"socket gone":       {func(h *runtime) { h.ln.Close() }, sources.ErrUnreachable, false},
		"permission denied": {func(h *runtime) { h.readOnly = true }, sources.ErrDenied, true},
		"unknown server": {func(h *runtime) {
			h.answer = func(cmd string) string {
				if strings.HasPrefix(cmd, "set ") {
					return "No such server.\n\n"
				}
				return ""
			}
		}, sources.ErrConflict, true},
		"answer cut off": {func(h *runtime) {
			h.hurt = func(cmd string) bool { return strings.HasPrefix(cmd, "set ") }
		}, sources.ErrAmbiguous, true},
		"answer without an end": {func(h *runtime) {
			h.answer = func(cmd string) string {
				if strings.HasPrefix(cmd, "set ") {
					return "No such"
				}
				return ""
			}
		}, sources.ErrAmbiguous, true},
		"prose that nobody knows": {func(h *runtime) {
			h.answer = func(cmd string) string {
				if strings.HasPrefix(cmd, "set ") {
					return "The moon is full.\n\n"
				}
				return ""
			}
		}, sources.ErrInvalid, true},
	} {
		h := newRuntime(t, pair(95, 5)...)
		p := opened(t, h)
		change := planned(t, p, rollBack)
		h.change(func() { c.hurt(h) })
		rc, err := p.Apply(t.Context(), change)
		e, ok := errors.AsType[*sources.Error](err)
		if !ok || !errors.Is(err, c.kind) || e.Sent != c.sent {
			t.Errorf("%s: %v (sent %v)", name, err, ok && e.Sent)
		}
		if len(rc.Answer) != 1 || rc.Answer[0].Err == nil {
			t.Errorf("%s: answers %+v", name, rc.Answer)
		}
	}
}

func TestServer_ThatIsGoneSinceThePreviewRefusesARampUp(t *testing.T) {
	h := newRuntime(t, append(pair(95, 5), &fakeServer{name: "canary-2", weight: 5, initial: 5})...)
	p := opened(t, h)
	up, down := planned(t, p, to(20*percent)), planned(t, p, rollBack)
	h.change(func() { h.servers = h.servers[:2] })
	if _, err := p.Apply(t.Context(), up); !errors.Is(err, sources.ErrConflict) || len(h.sets()) != 0 {
		t.Errorf("ramping up: %v, wrote %q", err, h.sets())
	}
	_, _ = p.Apply(t.Context(), down)
	if h.weight("canary-1") != 0 {
		t.Error("a rollback must take what is still there")
	}
}

func TestStaticAlgorithm_TakesNothingAndAllOnly(t *testing.T) {
	h := newRuntime(t, &fakeServer{name: "stable-1", weight: 100, initial: 100}, &fakeServer{name: "canary-1", weight: 100, initial: 100})
	h.algorithm = "static-rr"
	p := opened(t, h)
	if _, err := p.Plan(t.Context(), read(t, p), to(5*percent)); !errors.Is(err, sources.ErrUnsupported) {
		t.Errorf("5 %%: %v", err)
	}
	applied(t, p, rollBack)
	if h.weight("canary-1") != 0 {
		t.Error("a rollback must work with a static algorithm too")
	}
	h.algorithm, h.servers[1].weight = "source", 100
	if _, err := p.Apply(t.Context(), planned(t, p, to(5*percent))); err != nil {
		t.Errorf("a consistent hash takes weights: %v", err)
	}
}

func TestRead_TellsWhatIsWrongWithTheAnswer(t *testing.T) {
	for answer, kind := range map[string]error{
		"No such proxy.\n\n":               sources.ErrInvalid,
		"Permission denied\n\n":            sources.ErrDenied,
		"# pxname,svname,":                 sources.ErrUnreachable,
		"HTTP/1.1 400 Bad Request\r\n\r\n": sources.ErrInvalid,
	} {
		h := newRuntime(t, pair(95, 5)...)
		h.answer = func(string) string { return answer }
		if _, err := opened(t, h).Read(t.Context()); !errors.Is(err, kind) {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestRead_OfABackendThatIsNotThereNamesIt(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	h.answer = func(string) string { return "No such proxy.\n\n" }
	_, err := opened(t, h).Read(t.Context())
	if err == nil || !strings.Contains(err.Error(), "No such proxy. (it has no backend be: see backend: in the config)") {
		t.Errorf("says %v", err)
	}
}

func TestRead_SaysThatTheSocketMayNotWriteBeforeAnybodyHasTo(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	p := opened(t, h)
	if r := read(t, p); deniedIn(r.Notes) != "" {
		t.Errorf("a socket of level admin: %v", r.Notes)
	}
	h.change(func() { h.readOnly = true })
	if said := deniedIn(read(t, p).Notes); said != "nothing can be written: the socket has level operator, its stats socket line needs level admin" {
		t.Errorf("says %q", said)
	}
	if said := deniedIn(planned(t, p, rollBack).Notes); !strings.Contains(said, "will refuse these writes: its socket has level operator") {
		t.Errorf("the preview says %q", said)
	}
	h.answer = func(cmd string) string {
		if cmd == "show cli level" {
			return "Unknown command.\n\n"
		}
		return ""
	}
	if r := read(t, p); deniedIn(r.Notes) != "" {
		t.Errorf("a level that is not told: %v", r.Notes)
	}
}

// deniedIn is what the notes say of rights that are missing.
func deniedIn(notes []sources.Note) string {
	for _, n := range notes {
		if n.Kind == sources.NoteDenied {
			return n.Text.String()
		}
	}
	return ""
}

func TestRead_EndsWithTheCallersContext(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	ctx, cancel := context.WithCancel(t.Context())
	h.answer = func(string) string { cancel(); <-ctx.Done(); return "" }
	if _, err := opened(t, h).Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("err %v", err)
	}
}

func TestRead_DoesNotWaitLongerThanItsTimeout(t *testing.T) {
	h := newRuntime(t, pair(95, 5)...)
	hang := make(chan struct{})
	h.answer = func(string) string { <-hang; return "" }
	p := opened(t, h)
	p.sockets[0].timeout = 20 * time.Millisecond
	_, err := p.Read(t.Context())
	close(hang)
	if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "no end within 20ms") {
		t.Errorf("err %v", err)
	}
}

func TestSocket_ThatMayNotBeOpenedIsDenied(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("skipped: root may open every socket")
	}
	h := newRuntime(t, pair(95, 5)...)
	if err := os.Chmod(h.path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := opened(t, h).Read(t.Context()); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("err %v", err)
	}
}
