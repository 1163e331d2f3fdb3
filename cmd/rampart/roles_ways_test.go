package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/action"
	"rampart/sources"
)

// people have a role each; nobody is not in the config.
func people() map[string]sources.Role {
	return map[string]sources.Role{"nobody": sources.Viewer, "vi": sources.Viewer, "op": sources.Operator, "pro": sources.Promoter, "bg": sources.Breakglass}
}

const rolesOfPeople = "roles: {vi: viewer, op: operator, pro: promoter, bg: breakglass}\n"

// wish is an action and the least role that it takes.
type wish struct {
	verb  sources.Verb
	to    float64
	needs sources.Role
}

// wishedIdle are the actions that can be asked for while no ramp runs, climbing those that need one.
func wishedIdle() map[string]wish {
	return map[string]wish{
		"rollback": {sources.RollBack, 0, sources.Operator}, "hold": {sources.Hold, 0, sources.Operator}, "resume": {sources.Resume, 0, sources.Promoter},
		"split up": {sources.SetSplit, .3, sources.Promoter}, "split down": {sources.SetSplit, .01, sources.Operator}, "start": {sources.Start, 0, sources.Promoter},
	}
}

func climbing() map[string]wish {
	return map[string]wish{
		"rollback": {sources.RollBack, 0, sources.Operator}, "step": {sources.Step, 0, sources.Promoter},
		"promote": {sources.Promote, 0, sources.Promoter}, "stop": {sources.Stop, 0, sources.Operator},
	}
}

// forRole tells that something was refused for want of a role.
func forRole(why string) bool { return strings.Contains(why, "the role ") }

// attached asks for an action over the socket and says why it was refused; what was refused is tried all the same.
func attached(t *testing.T, r *spoken, a wish) string {
	t.Helper()
	p, err := r.Preview(t.Context(), sources.Action{Service: "ranker", Verb: a.verb, To: sources.ShareOf(a.to)})
	if err != nil {
		return err.Error()
	}
	if p.Confirm.Refuse != "" {
		if _, err := r.Do(t.Context(), p.ID, p.Confirm.Word); err == nil {
			t.Errorf("%v was refused and done all the same", a.verb)
		}
	}
	return p.Confirm.Refuse
}

// typed asks for an action on the command line and says why it was refused.
func (s *stand) typed(t *testing.T, who string, a wish) string {
	t.Helper()
	env := func(k string) string { return map[string]string{"RAMPART_STATE": s.dir, "RAMPART_ACTOR": who}[k] }
	g := &globals{streams: streams{env: env, in: strings.NewReader(""), out: &bytes.Buffer{}, err: &bytes.Buffer{}}, config: s.config, service: "ranker"}
	f := rampFlags{output: "text", yes: true, dryRun: true, timeout: time.Minute}
	var err error
	if a.verb == sources.RollBack {
		err = g.rollback(t.Context(), rollbackFlags{output: "text", yes: true, dryRun: true, timeout: time.Minute})
	} else {
		err = g.rampDo(t.Context(), f, a.verb, sources.ShareOf(a.to))
	}
	if err == nil {
		return ""
	}
	if codeOf(err) != exitRefused {
		t.Errorf("%v as %s ended with %d: %v", a.verb, who, codeOf(err), err)
	}
	return err.Error()
}

// looksOnly types what takes a promoter as a dry run: it says what would be refused, and nothing is written of it.
func (s *stand) looksOnly(t *testing.T, who string, role sources.Role) {
	t.Helper()
	env := func(k string) string { return map[string]string{"RAMPART_STATE": s.dir, "RAMPART_ACTOR": who}[k] }
	before := len(s.journal(t))
	for _, typed := range []string{"approve 25%", "unlock 10m", "confirm"} {
		var out, said bytes.Buffer
		words := append(strings.Fields("ramp "+typed), "--dry-run", "--reason", "release", "-c", s.config, "--service", "ranker")
		code := run(t.Context(), words, streams{env: env, in: strings.NewReader(""), out: &out, err: &said})
		refused, none := forRole(said.String()), strings.Contains(said.String(), "no change is waiting")
		if refused != (role < sources.Promoter) || (code == exitRefused) != (refused || none) {
			t.Errorf("ramp %s --dry-run by %s, a %s, ends with %d: %s", typed, who, role, code, said.String())
		}
	}
	if n := len(s.journal(t)) - before; n > 0 {
		t.Errorf("dry runs of %s wrote %d lines into the journal", who, n)
	}
}

func TestRoles_AreEnforcedOverTheSocketAndOnTheCommandLine(t *testing.T) {
	if testing.Short() {
		t.Skip("under the race detector its world's plane answers later than a plane is waited for")
	}
	t.Parallel()
	s := runnerOver(t, rolesOfPeople)
	consoles := map[string]*spoken{}
	for who := range people() {
		consoles[who] = s.console(t, who)
	}
	all := func(when string, verbs map[string]wish) {
		var wg sync.WaitGroup
		for who, role := range people() {
			wg.Go(func() {
				for name, a := range verbs {
					for way, why := range map[string]string{"attach": attached(t, consoles[who], a), "command line": s.typed(t, who, a)} {
						if refused := forRole(why); refused != (role < a.needs) || refused && !strings.Contains(why, role.String()) {
							t.Errorf("%s, %s by %s, a %s, over %s: %q", when, name, who, role, way, why)
						}
					}
				}
			})
		}
		wg.Wait()
	}
	all("no ramp runs", wishedIdle())
	for who, role := range people() {
		r := consoles[who]
		_, bare := r.Unmask(t.Context(), time.Minute, "ticket 7")
		_, out := r.Export(t.Context(), frame.LogsQuery{}, sources.Window{From: r.Now().Add(-time.Minute), To: r.Now()}, io.Discard)
		for name, c := range map[string]struct {
			err   error
			needs sources.Role
		}{
			"unlock":  {r.Unlock(t.Context(), time.Minute, "release"), sources.Promoter},
			"approve": {r.Approve(t.Context(), sources.Approval{Candidate: r.shown.Shown().Identity.Candidate, To: sources.ShareOf(.25)}), sources.Promoter},
			"confirm": {r.Confirm(t.Context(), ""), sources.Promoter},
			"unmask":  {bare, sources.Operator},
			"note":    {r.Note(t.Context(), "seen"), sources.Viewer},
			"export":  {out, sources.Viewer},
		} {
			if refused := errors.Is(c.err, sources.ErrDenied); refused != (role < c.needs) {
				t.Errorf("%s by %s, a %s: %v", name, who, role, c.err)
			}
		}
		s.looksOnly(t, who, role)
	}
	p := consoles["pro"].plan(t, sources.Start, 0)
	if _, err := consoles["pro"].Do(t.Context(), p.ID, p.Confirm.Word); err != nil {
		t.Fatal(err)
	}
	all("a ramp runs", climbing())
	back := consoles["op"].plan(t, sources.RollBack, 0)
	if _, err := consoles["op"].Do(t.Context(), back.ID, back.Confirm.Word); err != nil {
		t.Error(err)
	}
}

func TestRoles_APreviewIsNotDoneTwiceNorByAnotherNorWhenTheRoleIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		plane, roles := &router{share: 50_000, rev: "rev7"}, map[string]sources.Role{"alice": sources.Promoter}
		ctx, cancel := context.WithCancel(context.Background())
		desk, err := action.New(ctx, action.Config{Plane: plane, Journal: &pages{}, Now: time.Now, Context: "demo", Service: "ranker", Roles: roles})
		if err != nil {
			t.Fatal(err)
		}
		defer desk.Wait()
		defer cancel()
		alice := desk.Seat(action.Actor{Name: "alice"})
		plan := func(to sources.Share) string {
			p, err := alice.Preview(ctx, sources.Action{Service: "ranker", Verb: sources.SetSplit, To: to})
			if err != nil || p.Confirm.Refuse != "" {
				t.Fatalf("%q, %v", p.Confirm.Refuse, err)
			}
			return p.ID
		}
		id := plan(100_000)
		if _, err := desk.Seat(action.Actor{Name: "eve"}).Do(ctx, id, ""); err == nil || plane.writes != 0 {
			t.Errorf("somebody else did it: %v, %d writes", err, plane.writes)
		}
		for range 2 {
			if _, err := alice.Do(ctx, id, ""); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
		}
		if plane.writes != 1 {
			t.Errorf("done twice, it was written %d times", plane.writes)
		}
		id = plan(200_000)
		synctest.Wait()
		roles["alice"] = sources.Viewer
		if p, err := alice.Do(ctx, id, ""); err == nil && p.Err == nil || plane.writes != 1 {
			t.Errorf("her role was taken away, and it was done: %+v, %v, %d writes", p, err, plane.writes)
		}
	})
}
