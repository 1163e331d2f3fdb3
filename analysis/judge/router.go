package judge

import (
	"fmt"

	"rampart/analysis"
)

// Router compares the router's own counters with the application's.
type Router struct {
	Known     bool
	Candidate analysis.Value // share of errors by the router
	Legacy    analysis.Value
	App       analysis.Value // the candidate's share of errors by itself
	Down      int            // candidate servers that are down
	Servers   int            // all candidate servers
}

// doubt says why the application's numbers are not the whole story, if they are not: a crashed candidate reports no
// errors, the router does. The lower end of the router's interval must lie beyond both the application's share and the
// router's own for legacy, so that neither a handful of requests nor a router that counts more in both arms is a doubt.
func (r Router) doubt() string {
	switch {
	case !r.Known:
		return ""
	case r.Servers > 0 && r.Down == r.Servers:
		return "the router says all candidate servers are down"
	case r.Candidate.Known && r.App.Known && r.beyond(r.App) && (!r.Legacy.Known || r.beyond(r.Legacy)):
		return fmt.Sprintf("the router counts more: %s of the candidate's requests fail, it reports %s itself", percentText(r.Candidate.V), percentText(r.App.V))
	}
	return ""
}

// beyond tells whether the router's share for the candidate is surely more than twice another.
func (r Router) beyond(other analysis.Value) bool {
	low := r.Candidate.V
	if r.Candidate.Interval {
		low = r.Candidate.Lo
	}
	return low > 2*other.V+0.005
}

// text says whether the router's own counters tell the same story.
func (r Router) text() string {
	if doubt := r.doubt(); doubt != "" || !r.Known {
		return doubt
	}
	switch {
	case r.Candidate.Known && r.Legacy.Known && r.Candidate.V > r.Legacy.V:
		return "router agrees"
	case r.Candidate.Known && r.App.Known && r.App.V > 2*r.Candidate.V+0.005:
		return "the router counts fewer errors"
	}
	return ""
}
