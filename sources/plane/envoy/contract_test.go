package envoy

import (
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

func TestPlane_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		f := newFake(t)
		return sourcetest.PlaneWorld{
			Plane:   opened(t, f),
			Meddle:  func(_ *testing.T, s sources.Share) { f.meddle(s) },
			Deny:    func(*testing.T) { f.change(func() { f.denied = true }) },
			Leave:   func(*testing.T) { f.Close() },
			Reload:  func(*testing.T) { f.restart() },
			Traffic: func(_ *testing.T, n int) { f.route(n) },
		}
	})
}

func TestFleet_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		all := []*fake{newFake(t), newFake(t)}
		each := func(do func(*fake)) {
			for _, f := range all {
				do(f)
			}
		}
		return sourcetest.PlaneWorld{
			Plane:   opened(t, all...),
			Meddle:  func(_ *testing.T, s sources.Share) { each(func(f *fake) { f.meddle(s) }) },
			Deny:    func(*testing.T) { each(func(f *fake) { f.change(func() { f.denied = true }) }) },
			Leave:   func(*testing.T) { each(func(f *fake) { f.Close() }) },
			Reload:  func(*testing.T) { each((*fake).restart) },
			Traffic: func(_ *testing.T, n int) { each(func(f *fake) { f.route(n) }) },
		}
	})
}
