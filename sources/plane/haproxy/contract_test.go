package haproxy

import (
	"net"
	"path/filepath"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/demo/haproxyserver"
	"rampart/sources/demo/world"
	"rampart/sources/sourcetest"
)

func TestPlane_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		h := newRuntime(t, pair(95, 5)...)
		h.servers[1].initial = 5
		return sourcetest.PlaneWorld{
			Plane: opened(t, h),
			Meddle: func(_ *testing.T, s sources.Share) {
				h.change(func() { h.servers[1].weight = int(95 * s.Fraction() / (1 - s.Fraction())) })
			},
			Deny:    func(*testing.T) { h.change(func() { h.readOnly = true }) },
			Leave:   func(*testing.T) { h.ln.Close() },
			Reload:  func(*testing.T) { h.reload() },
			Traffic: func(_ *testing.T, n int) { h.route(n) },
		}
	})
}

func TestFleet_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		all := []*runtime{newRuntime(t, pair(95, 5)...), newRuntime(t, pair(95, 5)...)}
		for _, h := range all {
			h.servers[1].initial = 5
		}
		each := func(do func(*runtime)) {
			for _, h := range all {
				do(h)
			}
		}
		return sourcetest.PlaneWorld{
			Plane: opened(t, all...),
			Meddle: func(_ *testing.T, s sources.Share) {
				each(func(h *runtime) {
					h.change(func() { h.servers[1].weight = int(95 * s.Fraction() / (1 - s.Fraction())) })
				})
			},
			Deny:    func(*testing.T) { each(func(h *runtime) { h.change(func() { h.readOnly = true }) }) },
			Leave:   func(*testing.T) { each(func(h *runtime) { h.ln.Close() }) },
			Reload:  func(*testing.T) { each(func(h *runtime) { h.reload() }) },
			Traffic: func(_ *testing.T, n int) { each(func(h *runtime) { h.route(n) }) },
		}
	})
}

func TestPlane_KeepsItsPromisesOverTheDemosBalancer(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		d := newDemo(t)
		return sourcetest.PlaneWorld{
			Plane:  d.plane,
			Meddle: func(_ *testing.T, s sources.Share) { d.live.Do(func(w *world.World) { w.SetShare(s.Fraction()) }) },
			Leave:  func(*testing.T) { d.server.Close() },
			Reload: func(*testing.T) {
				d.now = d.now.Add(time.Minute)
				d.live.Do(func(w *world.World) { w.Router().Reload(w.Now()) })
			},
			Traffic: func(*testing.T, int) { d.now = d.now.Add(time.Minute) },
		}
	})
}

// demo is the demo's world behind a plane.
type demo struct {
	plane  *Plane
	live   *world.Live
	server *haproxyserver.Server
	now    time.Time
}

func newDemo(t *testing.T) *demo {
	t.Helper()
	spec := world.Default()
	spec.Opens, spec.History = time.Date(2026, 11, 21, 14, 5, 0, 0, time.UTC), time.Minute
	spec.Timeline = []world.Event{{At: -time.Minute, Deploy: &world.Deploy{Track: "canary"}}}
	spec.Canary.Weight = spec.Stable.Pods * spec.Stable.Weight / 19 / spec.Canary.Pods
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	d := &demo{now: spec.Opens}
	d.live = world.Open(w, func() time.Time { return d.now }, 1)
	d.live.Do(func(w *world.World) { w.SetShare(0.05) })
	path := filepath.Join(t.TempDir(), "s")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	d.server = haproxyserver.New(d.live)
	d.server.Serve(l, haproxyserver.Admin)
	t.Cleanup(func() { d.server.Close() })
	d.plane, err = New(Config{
		Sockets: []string{"unix://" + path}, Backend: "be_ranker",
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, func() time.Time { return d.now })
	if err != nil {
		t.Fatal(err)
	}
	return d
}
