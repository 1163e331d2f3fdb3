package account

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// unknown is the phase of a ramp that no runner drives: what the journal says of it is a memory.
const unknown = "unknown"

// Remembered is where the journal says that a ramp stood. Its share is the last that was set by it, which may be long gone.
type Remembered struct {
	Phase   string     `json:"phase,omitempty"` // none: no ramp was begun
	Step    int        `json:"step,omitempty"`  // from 1
	Set     *float64   `json:"set_percent,omitempty"`
	Starter string     `json:"started_by,omitempty"`
	Started *time.Time `json:"started,omitempty"`
	Why     string     `json:"why,omitempty"`
	Error   string     `json:"error,omitempty"` // why the journal says nothing
	then    ramp.State
}

// RememberedOf reads a journal's state, or why it could not be read.
func RememberedOf(st ramp.State, err error) *Remembered {
	switch {
	case err != nil:
		return &Remembered{Error: sources.Visible(err.Error())}
	case st.Phase == ramp.Idle:
		return &Remembered{}
	}
	set := st.Share.Percent()
	out := &Remembered{Phase: st.Phase.String(), Set: &set, Why: st.Why, Starter: st.Starter, Started: instant(st.Started), then: st}
	if !st.Started.IsZero() {
		out.Step = st.Step + 1
	}
	return out
}

// Left is what is known of a service that no runner drives: why none does, its plan, and what the journal remembers. What
// the plane says now is added by [Ramp.Reads].
func Left(context, service string, at time.Time, why error, plan *frame.Plan, then *Remembered) Ramp {
	f := &frame.Frame{At: at, Context: context, Service: service, Plan: plan}
	out := RampOf(f)
	out.Phase, out.NoRunner, out.Journal = unknown, sources.Visible(why.Error()), then
	return out
}

// Reads adds what the plane says now, or why it does not.
func (r Ramp) Reads(now sources.Reading, err error) Ramp {
	r.Candidate, r.Effective, r.ReadAt = percentOf(now.Configured), percentOf(now.Effective), instant(now.At)
	r.NotRead = ""
	r.Who = Arms{now.Identity.Legacy.String(), now.Identity.Candidate.String()}
	r.now, r.NotRead = now, ""
	if err != nil {
		r.NotRead = sources.Visible(err.Error())
		if !now.Configured.Known {
			r.ReadAt = nil
		}
	}
	return r
}

// writeLeft prints it for people.
func (r Ramp) writeLeft(w io.Writer) {
	fmt.Fprintf(w, "%s in context %s: no runner drives it\n", sources.Visible(r.Service), sources.Visible(r.Context))
	fmt.Fprintf(w, "  now        %s\n", r.split())
	if r.Drained != "" {
		fmt.Fprintf(w, "  drained    %s\n", sources.Visible(r.Drained))
	}
	fmt.Fprintf(w, "  journal    %s\n", r.Journal.sentence())
	if r.Holder != "" {
		fmt.Fprintf(w, "  lease      %s\n", sources.Visible(r.Holder))
	}
}

// split is what the plane says; what it does not say is not known, whatever was set last.
func (r Ramp) split() string {
	if !r.now.Configured.Known {
		return "the share is not known: " + cmp.Or(r.NotRead, "the plane does not tell it")
	}
	line := fmt.Sprintf("candidate at %v, effective %v, read from the plane at %s", r.now.Configured, r.now.Effective, clock(r.now.At))
	if r.NotRead != "" {
		line += "; " + r.NotRead
	}
	return line
}

func (j *Remembered) sentence() string {
	switch {
	case j.Error != "":
		return j.Error
	case j.Phase == "":
		return "no ramp was begun"
	}
	phase := strings.ReplaceAll(j.Phase, "_", " ")
	line := fmt.Sprintf("its ramp was %s in step %d, which had set %v", phase, j.Step, j.then.Share)
	if j.Step < 1 {
		line = fmt.Sprintf("its ramp was %s before its first step, at %v", phase, j.then.Share)
	}
	if j.Started == nil {
		line = "no ramp was begun; the candidate was " + phase
	}
	if j.Why != "" {
		line += ": " + sources.Visible(j.Why)
	}
	return line
}

// unread is why the share is not known, as the plane's own source says it.
func unread(f *frame.Frame) string {
	i := slices.IndexFunc(f.Sources, func(s frame.Source) bool { return s.Name == f.Traffic.Plane })
	switch {
	case f.Traffic.Plane == "":
		return "it has no traffic plane"
	case f.Traffic.Err != "":
		return sources.Visible(f.Traffic.Err)
	case i >= 0 && f.Sources[i].Err != "":
		return sources.Visible(f.Sources[i].Err)
	case f.Traffic.ReadAt.IsZero():
		return "it was not read yet"
	}
	if len(f.Traffic.Members) > 1 {
		return "its members differ: " + sources.ByMember(f.Traffic.Fleet())
	}
	return "the plane does not tell it"
}
