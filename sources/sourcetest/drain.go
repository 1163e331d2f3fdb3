package sourcetest

import (
	"errors"

	"rampart/sources"
)

// drainsOrSaysThatItCannot: a plane either has the way or refuses it. Where it has, it leads to nothing whatever the
// weights are, once, and a ramp-up that knows of it leads back.
func drainsOrSaysThatItCannot(t planeTest) {
	in := back()
	in.Way = sources.Drain
	before := t.read()
	c, err := t.Plane.Plan(t.Context(), before, in)
	if errors.Is(err, sources.ErrUnsupported) {
		return
	}
	if err != nil || len(c.Writes) == 0 || !c.To.Known || c.To.Candidate != 0 || c.Inverse == nil {
		t.Fatalf("planned %+v: %v", c, err)
	}
	rc, err := t.Plane.Apply(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if out := t.confirm(rc); out.Rung < sources.Configured || out.Err != nil || out.Reading.Configured.Candidate != 0 {
		t.Errorf("only %v at %v: %v", out.Rung, out.Reading.Configured, out.Err)
	}
	if c := t.plan(in); !c.NoOp {
		t.Errorf("a second one would write %v", c.Writes)
	}
	if _, err := t.Plane.Plan(t.Context(), t.read(), t.other()); err == nil {
		t.Error("what somebody drained is given a share without knowing why")
	}
	up := *c.Inverse
	up.ID, up.Drained = "up", c.Writes
	rc = t.apply(up)
	if out := t.confirm(rc); out.Rung < sources.Configured || !out.Reading.Configured.Equal(before.Configured) {
		t.Errorf("only %v at %v, it was %v", out.Rung, out.Reading.Configured, before.Configured)
	}
}
