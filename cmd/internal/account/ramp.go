package account

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// Version is the version of both documents; it rises when a key changes its meaning, not when one is added.
const Version = 1

// Ramp is where a service's ramp stands at one instant. Shares are percentages; times that are not known are left out.
type Ramp struct {
	Version   int        `json:"version"`
	At        time.Time  `json:"at"`
	Context   string     `json:"context"`
	Service   string     `json:"service"`
	Call      string     `json:"call"`
	Phase     string     `json:"phase"`
	Candidate *float64   `json:"candidate_percent,omitempty"` // as read back
	NotRead   string     `json:"read_error,omitempty"`        // why the plane did not say it, or not all of it
	Who       Arms       `json:"identity"`
	Step      int        `json:"step"` // from 1; 0: before the first
	Steps     []Step     `json:"steps"`
	Why       string     `json:"why,omitempty"`
	Cause     string     `json:"cause,omitempty"` // the same by its kind: worse, guard, rule, no_data, timeout, person, reload, approval
	Question  string     `json:"question,omitempty"`
	Held      string     `json:"held,omitempty"`
	Drained   string     `json:"candidate_drained,omitempty"` // how many of its servers, by whom, when and why
	Gate      string     `json:"gate,omitempty"`
	Ends      *time.Time `json:"ends_not_before,omitempty"`
	EndsBy    *time.Time `json:"ends_by,omitempty"`
	EndsWhy   string     `json:"ends_why,omitempty"`
	Edge      *Edge      `json:"next_freeze_edge,omitempty"`
	Endless   bool       `json:"freeze_has_no_end,omitempty"`
	Starter   string     `json:"started_by,omitempty"`
	Started   *time.Time `json:"started,omitempty"`
	Holder    string     `json:"lease_holder,omitempty"`
	Lease     bool       `json:"lease_held"`
	Deadline  *time.Time `json:"reverts_unless_confirmed_by,omitempty"`
	Approvals []Approval `json:"approvals,omitempty"`
	Waiting   string     `json:"waits_for,omitempty"`

	// What follows stands where no runner answers, and nobody can say where the ramp stands: its phase is unknown then.
	NoRunner  string      `json:"no_runner,omitempty"` // why
	Effective *float64    `json:"effective_percent,omitempty"`
	ReadAt    *time.Time  `json:"read_at,omitempty"` // when the plane said so
	Journal   *Remembered `json:"journal,omitempty"`

	call analysis.Call
	now  sources.Reading
}

// Arms are who the two sides are now; empty: not known.
type Arms struct {
	Legacy    string `json:"legacy,omitempty"`
	Candidate string `json:"candidate,omitempty"`
}

// Step is one step of the plan.
type Step struct {
	Text    string  `json:"text"`
	To      float64 `json:"to_percent"`
	State   string  `json:"state"` // ahead, asked, here, done
	Watched string  `json:"watched,omitempty"`
	Bake    string  `json:"of,omitempty"`
	state   frame.StepState
}

// Edge is where a freeze begins or ends next.
type Edge struct {
	At     time.Time `json:"at"`
	Begins bool      `json:"begins"`
}

// Approval is somebody's yes to a share.
type Approval struct {
	To        float64    `json:"to_percent"`
	By        string     `json:"by"`
	Candidate string     `json:"candidate"`
	Until     *time.Time `json:"until,omitempty"`
}

// RampOf reads a frame.
func RampOf(f *frame.Frame) Ramp {
	out := Ramp{
		Version: Version,
		At:      f.At.UTC(), Context: f.Context, Service: f.Service, Call: f.Verdict.Call.String(), call: f.Verdict.Call,
		Phase: ramp.Idle.String(), Held: f.Traffic.Held, Drained: f.Traffic.Drained, Candidate: percentOf(f.Traffic.Set), Steps: []Step{},
	}
	if out.Candidate == nil {
		out.NotRead = unread(f)
	}
	who := f.Shown().Identity
	out.Who = Arms{who.Legacy.String(), who.Candidate.String()}
	if f.Plan != nil {
		out.Steps = stepsOf(*f.Plan)
	}
	for _, a := range f.Actions { // also of a change that is no ramp's
		if a.Deadline.Open() {
			out.Deadline = instant(a.Deadline.At)
		}
	}
	r := f.Ramp
	if r == nil {
		return out
	}
	out.Phase, out.Step, out.Steps = r.Phase.String(), r.Step+1, stepsOf(r.Plan)
	out.Why, out.Cause, out.Question, out.Gate = r.Why, r.Cause.String(), r.Question, sources.Visible(r.Gate)
	out.Starter, out.Started, out.Holder, out.Lease = r.Starter, instant(r.Started), r.Holder, r.Lease
	out.Deadline = cmp.Or(instant(r.Deadline), out.Deadline)
	out.Endless = r.Edge.Endless
	if !r.Edge.At.IsZero() {
		out.Edge = &Edge{r.Edge.At.UTC(), r.Edge.Begins}
	}
	if r.Phase.Climbing() {
		out.Ends, out.EndsWhy = instant(r.End.Lo), r.End.Why
		if !r.End.Open {
			out.EndsBy = instant(r.End.Hi)
		}
		if i := r.Step; i >= 0 && i < len(r.Plan.Steps) {
			out.Waiting = r.Plan.Steps[i].Gate
		}
	}
	for _, a := range r.Approvals {
		out.Approvals = append(out.Approvals, Approval{a.To.Percent(), a.By, a.Candidate, instant(a.Until)})
	}
	return out
}

func stepsOf(p frame.Plan) []Step {
	out := []Step{}
	for _, s := range p.Steps {
		one := Step{Text: s.Text, To: s.To.Percent(), State: stateWord(s.State), state: s.State}
		if s.State == frame.StepHere && s.Bake > 0 {
			one.Watched, one.Bake = ramp.Span(s.Watched.Round(time.Second)), ramp.Span(s.Bake)
		}
		out = append(out, one)
	}
	return out
}

func stateWord(s frame.StepState) string {
	switch s {
	case frame.StepDone:
		return "done"
	case frame.StepAsked:
		return "asked"
	case frame.StepHere:
		return "here"
	case frame.StepAhead:
	}
	return "ahead"
}

func percentOf(s sources.Split) *float64 {
	if !s.Known {
		return nil
	}
	p := s.Candidate.Percent()
	return &p
}

func instant(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// Write prints it for people.
func (r Ramp) Write(w io.Writer) {
	if r.NoRunner != "" {
		r.writeLeft(w)
		return
	}
	at := "—"
	if r.Candidate != nil {
		at = sources.Share(*r.Candidate * 10_000).String()
	}
	fmt.Fprintf(w, "%s in context %s: %s, candidate at %s, call %s\n", sources.Visible(r.Service), sources.Visible(r.Context), r.Phase, at, r.call.Label())
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(w, "  %-10s %s\n", name, sources.Visible(text))
		}
	}
	if r.Candidate == nil && r.NotRead != "" {
		line("now", "the share is not known: "+r.NotRead)
	}
	if r.Who.Candidate != "" {
		line("candidate", r.Who.Candidate+" v legacy "+cmp.Or(r.Who.Legacy, "—"))
	}
	line("why", r.Why)
	line("question", r.Question)
	line("held", r.Held)
	line("drained", r.Drained)
	line("waits for", r.Waiting)
	line("command", r.Gate)
	line("ends", r.ends())
	line("freeze", r.edge())
	if r.Deadline != nil {
		line("reverts", "at "+clock(*r.Deadline)+" unless somebody confirms (rampart ramp confirm)")
	}
	for _, a := range r.Approvals {
		line("approved", a.sentence())
	}
	if r.Started != nil {
		line("started", clock(*r.Started)+" by "+r.Starter)
	}
	line("lease", r.lease())
	for i, s := range r.Steps {
		fmt.Fprintf(w, "  %s %d  %s%s\n", s.mark(), i+1, s.Text, s.progress())
	}
}

func (s Step) mark() string {
	switch s.state {
	case frame.StepDone:
		return "+"
	case frame.StepHere, frame.StepAsked:
		return ">"
	case frame.StepAhead:
	}
	return " "
}

func (s Step) progress() string {
	switch s.state {
	case frame.StepHere:
		if s.Bake != "" {
			return fmt.Sprintf("   watched %s of %s", s.Watched, s.Bake)
		}
		return "   here"
	case frame.StepAsked:
		return "   asked for, not read back yet"
	case frame.StepAhead, frame.StepDone:
	}
	return ""
}

func (r Ramp) ends() string {
	if r.Ends == nil {
		return ""
	}
	s := "not before " + clock(*r.Ends)
	if r.EndsBy != nil && r.EndsBy.Equal(*r.Ends) {
		s = "at " + clock(*r.Ends)
	} else if r.EndsBy != nil {
		s = "between " + clock(*r.Ends) + " and " + clock(*r.EndsBy)
	}
	if r.EndsWhy != "" {
		s += ", " + r.EndsWhy
	}
	return s
}

func (r Ramp) edge() string {
	switch {
	case r.Endless:
		return "no end in sight"
	case r.Edge == nil:
		return ""
	case r.Edge.Begins:
		return "begins " + clock(r.Edge.At)
	}
	return "ends " + clock(r.Edge.At)
}

func (r Ramp) lease() string {
	switch {
	case r.Holder == "":
		return ""
	case r.Lease:
		return r.Holder
	}
	return "lost; it is held by " + r.Holder
}

func (a Approval) sentence() string {
	s := fmt.Sprintf("%s for %s by %s", sources.Share(a.To*10_000), a.Candidate, a.By)
	if a.Until != nil {
		s += " until " + clock(*a.Until)
	}
	return s
}

func clock(at time.Time) string { return at.UTC().Format("2006-01-02 15:04:05Z") }
