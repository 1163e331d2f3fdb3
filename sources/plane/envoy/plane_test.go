package envoy

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func planned(t *testing.T, p *Plane, in sources.Intent) sources.Change {
	t.Helper()
	in.ID = "mine"
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Plan(t.Context(), r, in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func to(s sources.Share) sources.Intent { return sources.Intent{Verb: sources.SetSplit, To: s} }
func rollBack() sources.Intent          { return sources.Intent{Verb: sources.RollBack} }

func noted(notes []sources.Note, text string) bool {
	return slices.ContainsFunc(notes, func(n sources.Note) bool { return strings.Contains(n.Text.String(), text) })
}

func TestRead_TakesTheRoutesOwnWeightsWhileTheRuntimeSaysNothing(t *testing.T) {
	r, err := opened(t, newFake(t)).Read(t.Context())
	if err != nil || r.Configured.Candidate != 5*percent || r.Effective.Candidate != 5*percent || r.File.Candidate != 5*percent || r.Epoch != "2026-11-21T12:00:00Z" {
		t.Errorf("%+v, %v", r, err)
	}
	if up, all := r.Up(sources.Legacy); up != 1 || all != 1 || r.Servers[0].State.String() != "3 of 3 hosts healthy" {
		t.Errorf("%+v", r.Servers)
	}
}

func TestApply_WritesBothWeightsInOneRequest(t *testing.T) {
	for share, want := range map[sources.Share]string{
		20 * percent:    "routing.ranker.canary=20&routing.ranker.stable=80",
		12_300:          "routing.ranker.canary=123&routing.ranker.stable=9877",
		sources.Whole:   "routing.ranker.canary=100&routing.ranker.stable=0",
		percent / 10000: "", // finer than a hundredth of a percent
	} {
		f := newFake(t)
		p := opened(t, f)
		if want == "" {
			r, _ := p.Read(t.Context())
			if _, err := p.Plan(t.Context(), r, to(share)); !errors.Is(err, sources.ErrUnsupported) {
				t.Errorf("%v: %v", share, err)
			}
			continue
		}
		if _, err := p.Apply(t.Context(), planned(t, p, to(share))); err != nil || len(f.written()) != 1 || f.written()[0] != want {
			t.Errorf("%v: %v, %v", share, f.written(), err)
		}
	}
}

func TestConfirm_TellsALayerThatOverridesOurs(t *testing.T) {
	f := newFake(t)
	p := opened(t, f)
	f.change(func() {
		f.set("rtds", key(0), "80")
		f.set("rtds", key(1), "20")
	})
	rc, err := p.Apply(t.Context(), planned(t, p, rollBack()))
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Configured || out.Reading.Effective.Candidate != 20*percent {
		t.Errorf("%v with %v effective, %v", out.Rung, out.Reading.Effective, err)
	}
	if !noted(out.Reading.Notes, `layer "rtds" overrides routing.ranker.canary with 20, ours says 0`) {
		t.Errorf("notes %v", out.Reading.Notes)
	}
}

func TestPlan_RaisesNothingThatALayerAboveWouldKeepInWait(t *testing.T) {
	f := newFake(t)
	p := opened(t, f)
	f.change(func() {
		f.set("rtds", key(0), "99")
		f.set("rtds", key(1), "1")
	})
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Plan(t.Context(), r, to(50*percent)); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "1 % is in use, 5 % is set, and 50 % would lie in wait") {
		t.Errorf("err %v", err)
	}
	for _, in := range []sources.Intent{to(2 * percent), rollBack()} {
		if _, err := p.Plan(t.Context(), r, in); err != nil {
			t.Errorf("%s to %v: %v", in.Verb, in.To, err)
		}
	}
}

func TestApply_SaysWhatBecameOfAWriteAndSendsItOnce(t *testing.T) {
	says := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = w.Write([]byte(body))
		}
	}
	for name, c := range map[string]struct {
		odd  http.HandlerFunc
		kind error
		want string
	}{
		"no admin layer": {says(503, "No admin layer specified"), sources.ErrUnsupported, "give Envoy's layered_runtime an admin_layer"},
		"503":            {says(503, "draining"), sources.ErrAmbiguous, "status 503: draining"},
		"usage":          {says(400, "usage: /runtime_modify?key1=value1"), sources.ErrInvalid, "usage"},
		"a page":         {says(200, "<html>\x1b[2J"), sources.ErrAmbiguous, `\x1b[2J`},
		"a redirect":     {says(302, ""), sources.ErrInvalid, "status 302"},
		"cut":            {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, sources.ErrAmbiguous, "EOF"},
	} {
		f := newFake(t)
		f.odd = c.odd
		p := opened(t, f)
		_, err := p.Apply(t.Context(), planned(t, p, rollBack()))
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) || len(f.written()) != 1 {
			t.Errorf("%s: %v after %d writes", name, err, len(f.written()))
		}
	}
}

func TestFleet_WithOneMemberDownIsRolledBackWhereItCanBe(t *testing.T) {
	gone, denied, good := newFake(t), newFake(t), newFake(t)
	denied.denied = true
	p := opened(t, gone, denied, good)
	c := planned(t, p, rollBack())
	gone.Close()
	rc, err := p.Apply(t.Context(), c)
	if !errors.Is(err, sources.ErrPartial) || !errors.Is(err, sources.ErrUnreachable) || !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "2 of 3 members") {
		t.Errorf("said %v", err)
	}
	if good.weight(1) != 0 || len(rc.Answer) != 3 || rc.Answer[2].Err != nil || rc.Answer[0].Err == nil {
		t.Errorf("weight %d, answers %v", good.weight(1), rc.Answer)
	}
	r, err := p.Read(t.Context())
	if !errors.Is(err, sources.ErrPartial) || r.Configured.Known || r.Members[0].Err == nil || r.Rev == "" {
		t.Errorf("%v of %+v: %v", r.Configured, r.Members, err)
	}
	if _, err := p.Plan(t.Context(), r, to(50*percent)); !errors.Is(err, sources.ErrPartial) {
		t.Errorf("ramping up without a member: %v", err)
	}
	again, err := p.Plan(t.Context(), r, rollBack())
	if err != nil || again.NoOp || len(again.Writes) != 2 {
		t.Errorf("rolling back again: %v, %v", again.Writes, err)
	}
	if out, err := p.Confirm(t.Context(), rc); err != nil || !errors.Is(out.Err, sources.ErrPartial) || out.Rung != sources.Sent {
		t.Errorf("%v, %v, %v", out.Rung, out.Err, err)
	}
}

func TestFleet_IsWrittenInTurnAndStopsAtTheFirstFailureWhenRampingUp(t *testing.T) {
	first, denied, last := newFake(t), newFake(t), newFake(t)
	denied.denied = true
	p := opened(t, first, denied, last)
	rc, err := p.Apply(t.Context(), planned(t, p, to(50*percent)))
	if !errors.Is(err, sources.ErrPartial) || len(rc.Answer) != 2 || len(last.written()) != 0 || first.weight(1) != 50 {
		t.Errorf("%v; third got %v", err, last.written())
	}
	r, err := p.Read(t.Context())
	if err != nil || r.Configured.Known || !noted(r.Notes, "members differ") {
		t.Errorf("%v, %v, %v", r.Configured, r.Notes, err)
	}
}

func TestFleet_TheFirstMemberIsReadBackBeforeTheOthersAreWritten(t *testing.T) {
	first, second := newFake(t), newFake(t)
	first.change(func() {
		first.odd = func(w http.ResponseWriter, _ *http.Request) { // it says OK, and something else sets it back
			first.set("admin", key(0), "95")
			first.set("admin", key(1), "5")
			_, _ = w.Write([]byte("OK\n"))
		}
	})
	p := opened(t, first, second)
	rc, err := p.Apply(t.Context(), planned(t, p, to(50*percent)))
	if !errors.Is(err, sources.ErrPartial) || !strings.Contains(err.Error(), "left as they are") || len(rc.Answer) != 1 || len(second.written()) != 0 {
		t.Errorf("%v; the second got %v", err, second.written())
	}
	first.change(func() { first.odd = nil })
	if rc, err := p.Apply(t.Context(), planned(t, p, to(50*percent))); err != nil || len(rc.Answer) != 2 {
		t.Errorf("a member that took it keeps the others from it: %v", err)
	}
}

func TestRead_RefusesWhatAWriteCouldNotReach(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Config)
		fake   func(*fake)
		kind   error
		want   string
	}{
		"another prefix":  {func(c *Config) { c.Prefix = "routing.rankr" }, nil, sources.ErrInvalid, "a write would do nothing"},
		"another cluster": {func(c *Config) { c.Clusters.Candidate = "canery" }, nil, sources.ErrInvalid, `cluster "canary" of the route is in neither arm`},
		"no admin layer":  {nil, func(f *fake) { f.layers = []string{"base"} }, sources.ErrUnsupported, `no layer "admin"`},
		"no weight":       {nil, func(f *fake) { f.set("rtds", key(1), "many") }, sources.ErrInvalid, `"many" and no weight`},
	} {
		f := newFake(t)
		if c.fake != nil {
			c.fake(f)
		}
		conf := Config{Admins: []string{f.URL}, Prefix: "routing.ranker", Clusters: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}}
		if c.change != nil {
			c.change(&conf)
		}
		p, err := New(conf, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Read(t.Context()); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPlan_WarnsOfAnArmWithoutHealthyHostsAndOfARestart(t *testing.T) {
	f := newFake(t)
	f.healthy[0] = 0
	c := planned(t, opened(t, f), rollBack())
	if !noted(c.Notes, "legacy has no healthy host") || !noted(c.Notes, "a restart returns to 5 %") {
		t.Errorf("notes %v", c.Notes)
	}
}

func TestNew_RefusesAConfigThatCannotWork(t *testing.T) {
	good := Config{Admins: []string{"http://a:9901"}, Prefix: "p", Clusters: sources.ByArm[string]{Legacy: "a", Candidate: "b"}}
	for name, change := range map[string]func(*Config){
		"no member":   func(c *Config) { c.Admins = nil },
		"twice":       func(c *Config) { c.Admins = append(c.Admins, c.Admins...) },
		"tcp":         func(c *Config) { c.Admins = []string{"tcp://a:1"} },
		"credentials": func(c *Config) { c.Admins = []string{"http://u:hunter2@a:1"} },
		"no prefix":   func(c *Config) { c.Prefix = "" },
		"injected":    func(c *Config) { c.Prefix = "a=1&b" },
		"same":        func(c *Config) { c.Clusters.Legacy = "b" },
		"timeout":     func(c *Config) { c.Timeout = -1 },
	} {
		c := good
		change(&c)
		if _, err := New(c, time.Now); !errors.Is(err, sources.ErrInvalid) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
