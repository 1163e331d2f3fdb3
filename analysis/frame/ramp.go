package frame

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// Plan is how a ramp would go on, as configured.
type Plan struct {
	Steps    []Step
	Would    []Would // what follows from what, the gravest first
	Freezes  []string
	Samples  int64         // requests that each arm must have had in a step
	Confirm  time.Duration // each step reverts by itself unless confirmed; 0: it stays
	Watchdog time.Duration // a second process sets 0 % when the runner is silent for it; 0: never
}

// Step is one step of a plan, and how far a ramp is with it.
type Step struct {
	Text    string // as written
	To      sources.Share
	State   StepState
	Watched time.Duration // how long it was watched with fresh numbers
	Bake    time.Duration // how long it must be watched
	Max     time.Duration // when it is given up, extensions included; 0: never
	Gate    string        // what it waits for beside its time; empty: nothing
}

// StepState is how far a ramp is with a step.
type StepState uint8

// The states of a step. The zero value: it is yet to come.
const (
	StepAhead StepState = iota
	StepDone
	StepAsked // its share was asked for and is not read back
	StepHere
)

// Would is what a plan does when something is so.
type Would struct{ When, Then string }

// Ramp is a ramp that a runner drives.
type Ramp struct {
	Phase     ramp.Phase
	Plan      Plan
	Step      int        // index of the step in hand; -1: before the first
	Since     time.Time  // since when its share is set; zero: it is not
	Why       string     // why it stands where it stands
	Cause     ramp.Cause // the same by its kind
	Question  string     // what somebody must answer; empty: nothing
	Edge      ramp.Edge  // where a freeze begins or ends next
	End       ramp.Prediction
	Starter   string
	Started   time.Time
	Lease     bool   // the process that made this frame drives it
	Holder    string // who drives it
	Approvals []ramp.Approval
	Deadline  time.Time // the step reverts then unless confirmed; zero: it stays
	Gate      string    // what the step's command said last
	At        time.Time // when the ramp was last looked at
}

// PlanOf shows a plan that nothing drives.
func PlanOf(p ramp.Plan) *Plan {
	out := &Plan{Samples: p.MinSamples, Confirm: p.Confirm, Watchdog: p.Watchdog, Would: would(p)}
	for _, s := range p.Steps {
		out.Steps = append(out.Steps, Step{Text: s.String(), To: s.To, Bake: s.Bake, Max: s.Max, Gate: gateOf(s)})
	}
	for _, f := range p.Freeze {
		out.Freezes = append(out.Freezes, f.String())
	}
	return out
}

// RampOf shows a ramp after a look: the state is what [ramp.Next] made of the input. Without a ramp it is nil.
func RampOf(p ramp.Plan, st ramp.State, in ramp.Input) *Ramp {
	if st.Phase == ramp.Idle {
		return nil
	}
	out := &Ramp{
		Phase: st.Phase, Plan: *PlanOf(p), Step: st.Step, Since: st.Since, Why: st.Why, Cause: st.Cause, Question: st.Question, Edge: p.NextEdge(st.At),
		Starter: st.Starter, Started: st.Started, Lease: in.Lease, Holder: sources.Visible(in.Holder), Approvals: st.Approvals,
		Deadline: st.Deadline, Gate: st.Gate.Said, At: st.At,
	}
	if now := in.Split; st.Phase == ramp.Promoted && now.Known && now.At.After(st.Since) && now.Candidate < sources.Whole {
		out.Why = "the candidate had all of the traffic; somebody has set another share since"
	}
	out.End, _ = ramp.Predict(p, st, in)
	for i := range out.Plan.Steps {
		s := &out.Plan.Steps[i]
		switch {
		case i < st.Step:
			s.State = StepDone
		case i == st.Step && st.Phase == ramp.Promoted:
			s.State = StepDone
		case i == st.Step && st.Writing && st.Phase.Climbing():
			s.State = StepAsked
		case i == st.Step && st.Phase.Climbing():
			s.State, s.Watched = StepHere, st.Baked
			if s.Max > 0 {
				s.Max += time.Duration(st.Extended) * p.Extend.By
			}
		}
	}
	return out
}

// NextStep is the share that the next step would set: the ramp's, the plan's first above the split as it is set, or where
// there is no plan the one that exposes fewest until decided. 0: none.
func (f *Frame) NextStep() sources.Share {
	switch {
	case f.Ramp != nil && f.Ramp.Phase.Climbing():
		if i := f.Ramp.Step + 1; i < len(f.Ramp.Plan.Steps) {
			return f.Ramp.Plan.Steps[i].To
		}
		return 0
	case f.Plan == nil:
		return f.Verdict.Forecast.Next
	}
	for _, s := range f.Plan.Steps {
		if f.Traffic.Set.Known && s.To.Beyond(f.Traffic.Set.Candidate) {
			return s.To
		}
	}
	return 0
}

// NextApproval is the share that the next gate of the plan or of the ramp asks a person for; 0: no gate is left.
func (f *Frame) NextApproval() sources.Share {
	p, from := f.Plan, 0
	if f.Ramp != nil && f.Ramp.Phase.Live() {
		p, from = &f.Ramp.Plan, max(f.Ramp.Step, 0)
	}
	if p == nil {
		return 0
	}
	for i := from; i+1 < len(p.Steps); i++ {
		if p.Steps[i].Gate == GateApproval && p.Steps[i+1].To.Beyond(f.Traffic.Set.Candidate) {
			return p.Steps[i+1].To
		}
	}
	return 0
}

// GateApproval is the gate of a step that a person's word opens.
const GateApproval = "approval of the next share"

// Shown is what an operator who acts on this frame has seen: what must still hold when it is written.
func (f *Frame) Shown() sources.Precondition {
	p := sources.Precondition{Rev: f.Traffic.Rev, Split: f.Traffic.Set, Identity: f.Traffic.Identity}
	if p.Identity.Legacy.IsZero() {
		p.Identity.Legacy = f.Rollout.Legacy
	}
	if p.Identity.Candidate.IsZero() {
		p.Identity.Candidate = f.Rollout.Candidate
	}
	return p
}

func gateOf(s ramp.Step) string {
	switch s.Until {
	case ramp.Safe:
		return "safe"
	case ramp.Approve:
		return GateApproval
	case ramp.Command:
		return "its command's yes"
	case ramp.Bake:
	}
	return ""
}

// would says what a plan does by itself.
func would(p ramp.Plan) []Would {
	worse := does(p.WhenWorse())
	if p.WhenWorse() == analysis.DoRollBack {
		worse += "; asks first while a gauge is red or legacy is in trouble as well"
	}
	out := []Would{{"WORSE", worse}}
	for _, r := range p.Rules {
		out = append(out, Would{"rule", r.String()})
	}
	out = append(out, Would{"NO DATA, STALE", does(p.WhenNoData())})
	for _, s := range p.Steps {
		if s.Max > 0 {
			out = append(out, Would{"out of time", does(p.WhenTimeout())})
			break
		}
	}
	return append(out, Would{"UNDECIDED", "goes on when the step's time is over, unless it waits for safe"}, Would{"SAFE", "goes on when the step's time is over"})
}

func does(c analysis.Consequence) string {
	switch c {
	case analysis.DoRollBack:
		return "rolls back to 0 %"
	case analysis.DoAsk:
		return "asks: the share stays until somebody answers"
	case analysis.DoHold:
		return "holds: the share stays"
	case analysis.DoWarn:
	}
	return "says so"
}
