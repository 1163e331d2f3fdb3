package sources

import (
	"fmt"
	"slices"
)

// Untold is a counter that a plane does not tell. It is not known, and no 0.
const Untold = -1

// RouterCounters are the router's own counters of one server, cumulated since the router started; [Untold] where the plane
// does not say.
type RouterCounters struct {
	Requests         int64 // answered requests
	Errors           int64 // answers of 500 and above
	ConnectionErrors int64
	ResponseErrors   int64
	Retries          int64
	Redispatches     int64
}

// Fails tells whether any kind of failure is counted.
func (c RouterCounters) Fails() bool {
	return c.Errors >= 0 || c.ConnectionErrors >= 0 || c.ResponseErrors >= 0
}

// Uncounted is why the requests of the arms are not known by the plane's own counters, in words for an operator; empty: they
// are.
func (r Reading) Uncounted() string {
	return r.untold("how many requests", func(c RouterCounters) bool { return c.Requests >= 0 })
}

// UncountedOf is Uncounted as it is said of one arm: by its own servers where those do not tell.
func (r Reading) UncountedOf(a Arm) string {
	own := Reading{Servers: slices.DeleteFunc(slices.Clone(r.Servers), func(s Server) bool { return s.Arm != a })}
	if why := own.Uncounted(); why != "" && len(own.Servers) > 0 {
		return why
	}
	return r.Uncounted()
}

// Unjudged is why it is not known by the plane's own counters how many requests failed; empty: it is.
func (r Reading) Unjudged() string {
	if why := r.Uncounted(); why != "" {
		return why
	}
	return r.untold("how many failed requests", RouterCounters.Fails)
}

func (r Reading) untold(what string, told func(RouterCounters) bool) string {
	if len(r.Servers) == 0 {
		return "the plane counts no requests"
	}
	for _, s := range r.Servers {
		if !told(s.Counters) {
			return fmt.Sprintf("the plane does not say %s %s had", what, Visible(s.Name))
		}
	}
	return ""
}
