package ramp_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// monday is an ordinary Monday, 10:00 UTC.
func monday() time.Time { return time.Date(2026, time.March, 9, 10, 0, 0, 0, time.UTC) }

// plan parses steps into a plan.
func plan(t testing.TB, steps ...string) ramp.Plan {
	t.Helper()
	var p ramp.Plan
	for _, text := range steps {
		s, err := ramp.ParseStep(text)
		if err != nil {
			t.Fatal(err)
		}
		p.Steps = append(p.Steps, s)
	}
	return p
}

// pct is a share in percent.
func pct(p float64) sources.Share { return sources.ShareOf(p / 100) }

// world drives a ramp as a runner would: every share that it asks for is set and read back at once.
type world struct {
	t     *testing.T
	plan  ramp.Plan
	state ramp.State
	in    ramp.Input
	deaf  bool // the plane does nothing
	all   []ramp.Effect
}

// begun is a healthy world in which alice started the plan.
func begun(t *testing.T, p ramp.Plan) *world {
	w := &world{t: t, plan: p, in: ramp.Input{
		At: monday(), Fresh: true, Lease: true, Split: sources.SplitAt(0, monday()), Epoch: "1",
		Identity: sources.ByArm[sources.Text]{Legacy: sources.NewText("41"), Candidate: sources.NewText("42")},
		Samples:  sources.ByArm[int64]{Legacy: 1e6, Candidate: 1e6},
		Verdict:  analysis.Verdict{Call: analysis.Undecided, Sentence: "errors ×1.0"},
	}}
	w.tell(ramp.Event{Kind: ramp.Start, By: "alice"})
	return w
}

// tell lets something happen now.
func (w *world) tell(events ...ramp.Event) []ramp.Effect {
	w.t.Helper()
	w.in.Split.At = w.in.At
	w.in.Events = events
	var out []ramp.Effect
	w.state, out = ramp.Next(w.plan, w.state, w.in)
	w.in.Events = nil
	w.all = append(w.all, out...)
	w.roundTrip()
	if w.deaf {
		return out
	}
	for _, e := range out {
		to, asked := sources.Share(0), false
		switch e := e.(type) {
		case ramp.SetShare:
			to, asked = e.To, true
		case ramp.RollBack:
			asked = true
		}
		if asked {
			w.in.Split.Candidate = to
			out = append(out, w.tell(ramp.Event{Kind: ramp.Written, To: to})...)
		}
	}
	return out
}

// pass lets time pass in looks of a quarter of a minute.
func (w *world) pass(d time.Duration) []ramp.Effect {
	w.t.Helper()
	var out []ramp.Effect
	for range int(d / (15 * time.Second)) {
		w.in.At = w.in.At.Add(15 * time.Second)
		out = append(out, w.tell()...)
	}
	return out
}

func (w *world) roundTrip() {
	w.t.Helper()
	b, err := json.Marshal(w.state)
	if err != nil {
		w.t.Fatal(err)
	}
	var back ramp.State
	if err := json.Unmarshal(b, &back); err != nil {
		w.t.Fatalf("%v in %s", err, b)
	}
	if !reflect.DeepEqual(back, w.state) {
		w.t.Fatalf("a state that was written and read again is another one:\n%+v\n%+v", w.state, back)
	}
}

// is checks phase and share.
func (w *world) is(phase ramp.Phase, share float64) {
	w.t.Helper()
	if w.state.Phase != phase || w.in.Split.Candidate != pct(share) {
		w.t.Fatalf("%s at %v: %q; want %s at %v", w.state.Phase, w.in.Split, w.state.Why, phase, pct(share))
	}
}

// only finds the effects of one kind.
func only[E ramp.Effect](effects []ramp.Effect) (out []E) {
	for _, e := range effects {
		if e, ok := e.(E); ok {
			out = append(out, e)
		}
	}
	return out
}

func freezes(t testing.TB, texts ...string) (out []ramp.Freeze) {
	t.Helper()
	for _, text := range texts {
		f, err := ramp.ParseFreeze(text)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}
