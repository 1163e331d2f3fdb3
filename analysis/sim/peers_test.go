package sim

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

func contest(t *testing.T, name string, runs int) *Contest {
	t.Helper()
	worlds, err := Find(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := worlds[0].Contest(t.Context(), runs, 1)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func rate(t *testing.T, c *Contest, name string) float64 {
	t.Helper()
	e, known := c.Of(name)
	if !known {
		t.Fatalf("nobody is called %q", name)
	}
	return e.Rate
}

func TestPeers_ARampWithDriftFoolsThePooledTestsAndNotOurs(t *testing.T) {
	c := contest(t, "ramp-drift", 40)
	if z := rate(t, c, "pooled z"); z < .9 {
		t.Errorf("pooled z rolls back %.2f of healthy candidates; published .996", z)
	}
	if m := rate(t, c, "pooled mixture"); m < .7 {
		t.Errorf("pooled mixture rolls back %.2f; published .891", m)
	}
	if o := rate(t, c, ours); o > .15 {
		t.Errorf("ours rolls back %.2f", o)
	}
}

func TestPeers_OursSeesTripleErrorsWhereAFixedThresholdDoesNot(t *testing.T) {
	c := contest(t, "rr-3-ramp", 20)
	if o := rate(t, c, ours); o < .9 {
		t.Errorf("ours sees %.2f", o)
	}
	if a := rate(t, c, "Argo example"); a > .3 {
		t.Errorf("1.5 %% errors break a threshold of 5 %% in %.2f", a)
	}
}

func TestRunPeers_TellsWhatEachWouldHaveDone(t *testing.T) {
	table := func() string {
		var out bytes.Buffer
		if err := RunPeers(t.Context(), "rr-5-50", 3, 1, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	got := table()
	for _, want := range []string{"rampart", "pooled z", "pooled mixture", "Kayenta judge", "Argo example", "Flagger example", "100.0 %, "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got != table() {
		t.Error("the same seed gives two tables")
	}
	if err := RunPeers(t.Context(), "tail-10", 3, 1, io.Discard); err == nil {
		t.Error("a world without errors was judged")
	}
}
