package webhook

import (
	"testing"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

func TestPlane_KeepsWhatAllPlanesPromise(t *testing.T) {
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		r := newRouter(t)
		return sourcetest.PlaneWorld{
			Plane:  r.plane(t),
			Meddle: func(_ *testing.T, s sources.Share) { r.change(func() { r.percent, r.rev = s.Percent(), r.rev+1 }) },
			Deny:   func(*testing.T) { r.change(func() { r.frozen = true }) },
			Leave:  func(*testing.T) { r.Close() },
			Reload: func(*testing.T) {
				r.change(func() { r.percent, r.rev, r.epoch, r.requests = 5, 9, "second", [2]int64{} })
			},
			Traffic: r.traffic,
			Secret:  token,
		}
	})
}
