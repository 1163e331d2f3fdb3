package haproxy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rampart/sources"
)

// planMember returns the commands that bring one member to the target, in their order, and the member as it is then.
//
// Servers of the candidate that are drained are made ready where ours names them, after the arm has its weights: a server
// that is ready first would get requests by the weight that it had.
func planMember(backend string, m member, target sources.Share, ours []sources.Write) ([]sources.Write, member, error) {
	want, err := weightsFor(m, target)
	if err != nil {
		return nil, member{}, err
	}
	then := m
	then.servers = slices.Clone(m.servers)
	var writes []sources.Write
	for _, a := range order(m, want) {
		i := 0
		for k, s := range m.servers {
			if s.arm != a || s.backup {
				continue
			}
			w := want.Of(a)[i]
			i++
			if w == s.weight || target == 0 && s.drained() && s.agent != "" { // its agent check would set it again, for nothing
				continue
			}
			then.servers[k].weight = w
			writes = append(writes, sources.Write{Member: m.name, Arm: a, Request: command(backend, s.name, w)})
		}
		if a == sources.Candidate && target > 0 {
			writes = append(writes, readied(backend, then, ours)...)
		}
	}
	return writes, then, nil
}

// weightsFor returns what both arms shall have.
func weightsFor(m member, target sources.Share) (sources.ByArm[[]int], error) {
	legacy, candidate := m.weights(sources.Legacy), m.weights(sources.Candidate)
	want := sources.ByArm[[]int]{Legacy: legacy, Candidate: candidate}
	switch target {
	case 0:
		want.Candidate = make([]int, len(candidate))
		if total(legacy) == 0 {
			want.Legacy = own(m.initial(sources.Legacy))
		}
		return want, nil
	case sources.Whole:
		want.Legacy = make([]int, len(legacy))
		if total(candidate) == 0 {
			want.Candidate = own(m.initial(sources.Candidate))
		}
		return want, nil
	}
	if staticAlgorithm(m.algorithm) {
		return want, &sources.Error{
			Op: "plan", Target: m.name, Kind: sources.ErrUnsupported,
			Cause: fmt.Errorf("balance %s takes 0 %% and 100 %% only, not %v", m.algorithm, target), Fix: "balance roundrobin takes any weight",
		}
	}
	if f := finest(m); target < f-f/10 {
		return want, &sources.Error{
			Op: "plan", Target: m.name, Kind: sources.ErrUnsupported,
			Cause: fmt.Errorf("%v is finer than whole weights can make", target), Fix: fmt.Sprintf("the smallest share is %v", f),
		}
	}
	c := choose(m, target)
	return sources.ByArm[[]int]{Legacy: c.legacy, Candidate: c.candidate}, nil
}

// order says which arm is written first. Ramping down takes from the candidate first, ramping up gives to it last. The
// backend must never be without any weight: whoever has none gets its own before the other loses its.
func order(m member, want sources.ByArm[[]int]) [2]sources.Arm {
	legacy, candidate := total(m.weights(sources.Legacy)), total(m.weights(sources.Candidate))
	down := [2]sources.Arm{sources.Candidate, sources.Legacy}
	up := [2]sources.Arm{sources.Legacy, sources.Candidate}
	switch {
	case legacy == 0:
		return up
	case total(want.Legacy) == 0:
		return down
	case legacy+candidate > 0 && shareOf(legacy, candidate) > shareOf(total(want.Legacy), total(want.Candidate)):
		return down
	}
	return up
}

// command is the one form of a weight. Never a percentage: that would be of the weight in the file.
func command(backend, server string, weight int) string {
	return "set server " + backend + "/" + server + " weight " + strconv.Itoa(weight)
}

// stateCommand drains a server or makes it ready.
func stateCommand(backend, server, state string) string {
	return "set server " + backend + "/" + server + " state " + state
}

// The states that are written.
const (
	stateDrain = "drain"
	stateReady = "ready"
)

// asked is what a command asks of one server: a state, or a weight.
type asked struct {
	server string
	state  string // stateDrain, stateReady; empty: the weight
	weight int
}

// parseCommand reads what command and stateCommand wrote.
func parseCommand(request string) (asked, bool) {
	f := strings.Fields(request)
	if len(f) != 5 || f[0] != "set" || f[1] != "server" {
		return asked{}, false
	}
	_, server, ok := strings.Cut(f[2], "/")
	switch {
	case !ok:
	case f[3] == "state" && (f[4] == stateDrain || f[4] == stateReady):
		return asked{server: server, state: f[4]}, true
	case f[3] == "weight":
		weight, err := strconv.Atoi(f[4])
		return asked{server: server, weight: weight}, err == nil
	}
	return asked{}, false
}

// there tells whether a server is as it was asked to be. One that was to have nothing and is drained has nothing, whoever
// gives it a weight.
func (a asked) there(weight int, drained bool) bool {
	switch a.state {
	case stateDrain:
		return drained
	case stateReady:
		return !drained
	}
	return weight == a.weight || a.weight == 0 && drained
}
