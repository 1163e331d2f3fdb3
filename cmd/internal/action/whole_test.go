package action_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/cmd/internal/action"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/demo/haproxyserver"
	"rampart/sources/demo/world"
	"rampart/sources/plane/haproxy"
)

// The whole way: desk, HAProxy's wire, the demo's balancer and the audit on disk.
func TestDesk_RollsBackTheDemosBalancerAndTheAuditTellsIt(t *testing.T) {
	w := newWorld(t)
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	p := w.rollBack(t, path)
	if p.Rung != sources.Observed || !p.Requests.Counted || p.Requests.Requests.Candidate != 0 || p.Alarm != "" {
		t.Errorf("%v after %v: %q", p.Rung, p.Requests, p.Alarm)
	}
	r, err := audit.Verify(t.Context(), path)
	if err != nil || r.Broken != nil || r.Entries < 3 {
		t.Errorf("audit: %+v, %v", r, err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"kind":"intent"`, "set server be_ranker/canary-1 weight 0", `"rung":"observed"`, `"actor":"ana"`} {
		if !strings.Contains(string(b), want) {
			t.Errorf("the audit does not hold %s:\n%s", want, b)
		}
	}
}

func TestDesk_RollsBackLoudlyWhileTheAuditsDiskIsFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "full")
	if err := os.Symlink("/dev/full", path); err != nil {
		t.Fatal(err)
	}
	p := newWorld(t).rollBack(t, path)
	if p.Rung != sources.Observed || !strings.HasPrefix(p.Alarm, "journal cannot be written: the disk is full") {
		t.Errorf("%v: %q", p.Rung, p.Alarm)
	}
}

func TestDesk_RollsBackTheMembersItReachesAndKeepsTryingTheRest(t *testing.T) {
	near, far := newWorld(t), newWorld(t)
	far.server.Close()
	plane, err := haproxy.New(haproxy.Config{
		Sockets: []string{"unix://" + near.socket, "unix://" + far.socket}, Backend: "be_ranker",
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, near.clock)
	if err != nil {
		t.Fatal(err)
	}
	desk, end := newDesk(t, near, plane, filepath.Join(t.TempDir(), "audit.jsonl"))
	defer end()
	seat := desk.Seat(action.Actor{Name: "ana"})
	preview, err := seat.Preview(t.Context(), sources.Action{Verb: sources.RollBack})
	if err != nil {
		t.Fatal(err)
	}
	track, err := seat.Start(t.Context(), preview.ID, preview.Confirm.Word)
	if err != nil {
		t.Fatal(err)
	}
	for p := range track.All(t.Context()) {
		if !strings.Contains(p.Alarm, "trying again") {
			continue
		}
		if r, _ := plane.Read(t.Context()); !r.Members[0].Configured.Known || r.Members[0].Configured.Candidate != 0 {
			t.Errorf("the member that answers has %v", r.Members[0].Configured)
		}
		break
	}
	far.serve(t)
	for p := range track.All(t.Context()) {
		if p.Rung >= sources.Effective {
			break
		}
	}
	if r, err := plane.Read(t.Context()); err != nil || r.Members[1].Configured.Candidate != 0 {
		t.Errorf("the member that came back has %+v, %v", r.Members, err)
	}
}

// demoWorld is the demo behind its balancer, on a clock that the test moves.
type demoWorld struct {
	socket string
	live   *world.Live
	server *haproxyserver.Server
	mu     sync.Mutex
	now    time.Time
}

func (w *demoWorld) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func newWorld(t *testing.T) *demoWorld {
	t.Helper()
	spec := world.Default()
	spec.Opens, spec.History = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC), time.Minute
	spec.Timeline = []world.Event{{At: -time.Minute, Deploy: &world.Deploy{Track: "canary"}}, {At: -time.Second, Share: 5}}
	made, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	w := &demoWorld{socket: filepath.Join(t.TempDir(), "s"), now: spec.Opens}
	w.live = world.Open(made, w.clock, 1)
	w.serve(t)
	return w
}

// serve opens the balancer's socket, also again after it was closed.
func (w *demoWorld) serve(t *testing.T) {
	t.Helper()
	l, err := net.Listen("unix", w.socket)
	if err != nil {
		t.Fatal(err)
	}
	w.server = haproxyserver.New(w.live)
	w.server.Serve(l, haproxyserver.Admin)
	t.Cleanup(func() { w.server.Close() })
}

// newDesk opens a desk; end cancels it and waits.
func newDesk(t *testing.T, w *demoWorld, plane sources.Plane, journal string) (desk *action.Desk, end func()) {
	t.Helper()
	j, _ := audit.Open(journal, w.clock) // a journal that cannot be written is used all the same
	ctx, cancel := context.WithCancel(t.Context())
	desk, err := action.New(ctx, action.Config{
		Plane: plane, Journal: j, Now: w.clock, Service: "ranker",
		Patience: action.Patience{Poll: 5 * time.Millisecond, Retry: 5 * time.Millisecond, Observed: time.Hour},
	})
	if err != nil {
		t.Fatal(err)
	}
	return desk, func() { cancel(); desk.Wait() }
}

// rollBack follows a rollback until traffic shows it: a minute passes in the world once it is effective.
func (w *demoWorld) rollBack(t *testing.T, journal string) sources.Progress {
	t.Helper()
	plane, err := haproxy.New(haproxy.Config{
		Sockets: []string{"unix://" + w.socket}, Backend: "be_ranker",
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, w.clock)
	if err != nil {
		t.Fatal(err)
	}
	desk, end := newDesk(t, w, plane, journal)
	defer end()
	seat := desk.Seat(action.Actor{Name: "ana", From: "tty1"})
	preview, err := seat.Preview(t.Context(), sources.Action{Verb: sources.RollBack, Reason: "errors"})
	if err != nil {
		t.Fatal(err)
	}
	track, err := seat.Start(t.Context(), preview.ID, preview.Confirm.Word)
	if err != nil {
		t.Fatal(err)
	}
	for p := range track.All(t.Context()) {
		if p.Rung == sources.Effective && w.clock().Before(p.Began.Add(time.Minute)) {
			w.mu.Lock()
			w.now = w.now.Add(time.Minute)
			w.mu.Unlock()
		}
		if p.Rung == sources.Observed || p.Done {
			return p
		}
	}
	return track.Progress()
}
