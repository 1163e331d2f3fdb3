package haproxy

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"rampart/sources"
)

// drainMember returns the commands that take a member's candidate out by its state: each server that has a weight, and
// each whose weight somebody else sets. Who is in maintenance stays there, because draining would bring it back for
// requests that stick to it. Legacy gets its own weight first where it has none; while no server of it takes requests
// nothing is drained, because that would leave the backend without any.
func drainMember(backend string, m member) ([]sources.Write, member, error) {
	then := m
	then.servers = slices.Clone(m.servers)
	var legacy, candidate []sources.Write
	give := total(m.weights(sources.Legacy)) == 0
	back := own(m.initial(sources.Legacy))
	for k, s := range m.servers {
		write := sources.Write{Member: m.name, Arm: s.arm}
		switch {
		case s.backup:
		case s.arm == sources.Legacy:
			if w := back[0]; give && w != s.weight {
				then.servers[k].weight, write.Request = w, command(backend, s.name, w)
				legacy = append(legacy, write)
			}
			back = back[1:]
		case s.admin&maintenance != 0 && s.weight > 0:
			then.servers[k].weight, write.Request = 0, command(backend, s.name, 0)
			candidate = append(candidate, write)
		case s.admin&maintenance == 0 && !s.drained() && (s.weight > 0 || s.agent != ""):
			then.servers[k].admin |= forcedDrain
			write.Request = stateCommand(backend, s.name, stateDrain)
			candidate = append(candidate, write)
		}
	}
	if len(candidate) > 0 && !takes(then, sources.Legacy) {
		return nil, member{}, lastOne(m.name, "draining")
	}
	return append(legacy, candidate...), then, nil
}

// takes tells whether any server of an arm takes requests.
func takes(m member, a sources.Arm) bool {
	return slices.ContainsFunc(m.of(a), func(s server) bool { return s.up() && s.weight > 0 })
}

func lastOne(member, doing string) error {
	return &sources.Error{
		Op: "write", Target: member, Kind: sources.ErrConflict, Fix: "bring a server of legacy back",
		Cause: fmt.Errorf("no legacy server takes requests: %s the candidate would leave the backend without a server", doing),
	}
}

// readied makes the candidate's servers ready that a rollback from here drained.
func readied(backend string, then member, ours []sources.Write) []sources.Write {
	var writes []sources.Write
	for k, s := range then.servers {
		drain := sources.Write{Member: then.name, Arm: sources.Candidate, Request: stateCommand(backend, s.name, stateDrain)}
		if s.arm != sources.Candidate || s.backup || !s.drained() || !slices.Contains(ours, drain) {
			continue
		}
		then.servers[k].admin &^= forcedDrain
		writes = append(writes, sources.Write{Member: then.name, Arm: sources.Candidate, Request: stateCommand(backend, s.name, stateReady)})
	}
	return writes
}

// asleep refuses to give a share to a candidate that is drained all the same: whoever drained it, for a reason that is
// not known here, is who may end that. A process that began anew with the states of the one before is not told from one
// that somebody drained.
func asleep(backend string, then member) error {
	var drained []string
	for _, s := range then.of(sources.Candidate) {
		if !s.drained() {
			return nil
		}
		drained = append(drained, stateCommand(backend, s.name, stateReady))
	}
	return &sources.Error{
		Op: "plan", Target: then.name, Kind: sources.ErrConflict, Cause: errors.New("the candidate is drained, and the journal knows of no rollback that drained it since HAProxy began"),
		Fix: "ask who drained it and why; then, by hand: " + strings.Join(drained, "; "),
	}
}

// woken says of a drain that was undone that an agent check can have done it, by its word "ready" (configuration manual,
// agent-check): it goes on doing so whatever is written.
func woken(backend string, c sources.Change, r sources.Reading, moved []string, err error) error {
	e, ok := errors.AsType[*sources.Error](err)
	for _, s := range r.Servers {
		drain := sources.Write{Member: s.Member, Arm: sources.Candidate, Request: stateCommand(backend, s.Name, stateDrain)}
		if !ok || !s.Agent || s.Drained || slices.Contains(moved, s.Member) || !slices.Contains(c.Writes, drain) {
			continue
		}
		own := *e
		own.Cause = fmt.Errorf("%s was drained and is ready again, which its agent check can do; %w", s.Name, e.Cause)
		own.Fix = fmt.Sprintf("silence the agent check, by hand: disable agent %s/%s; then roll back again", backend, s.Name)
		return &own
	}
	return err
}

// unheard tells that the agent check of a candidate's server may not have spoken since a rollback was sent: it is asked every 2
// seconds where the file says nothing else (configuration manual, agent-inter), and what it says undoes what was seen before.
// Two of its turns leave a rollback the time to be told as observed within five seconds of the key.
func unheard(rc sources.Receipt, r sources.Reading) bool {
	const heard = 4 * time.Second
	return rc.Change.Intent.Verb == sources.RollBack && r.At.Sub(rc.SentAt) < heard &&
		slices.ContainsFunc(r.Servers, func(s sources.Server) bool { return s.Agent && s.Arm == sources.Candidate })
}

// wayNotes say what a drain leaves, and when one follows or is ended.
func wayNotes(now sources.Reading, c sources.Change, add func(sources.NoteKind, string, ...any)) {
	if c.Readies > 0 {
		add(sources.NoteInfo, "a rollback drained %d of the candidate's servers: they are made ready last", c.Readies)
	}
	if c.NoOp {
		return
	}
	if c.Intent.Verb != sources.RollBack {
		for _, s := range now.Servers {
			if s.Agent && s.Arm == sources.Candidate && c.To.Known && c.To.Candidate > 0 {
				add(sources.NoteWarning, "an agent check may set the weight of %s again: the candidate gets another share then, more or less than asked for", s.Name)
				return
			}
		}
		return
	}
	if c.Intent.Way == sources.Drain {
		add(sources.NoteWarning, "a drained server still gets the requests that stick to it")
		return
	}
	for _, s := range now.Servers {
		if s.Agent && !s.Drained && s.Arm == sources.Candidate {
			add(sources.NoteWarning, "an agent check may set the weight of %s again: the candidate is drained then, and gets only requests that stick to it", s.Name)
			return
		}
	}
}

// again tells who set again what a rollback wrote: the server and its weight now, and its agent check where it has one. Once
// traffic has shown the rollback, only an agent check counts: a person who gives the candidate a weight then may mean it.
// Members that began anew are back at their file, which is nobody's doing; a server that refused its weight was never given it again, and one that this change drained has no
// way left.
func again(rc sources.Receipt, r sources.Reading, gone []sources.Member, moved []string, shown bool) string {
	if rc.Change.Intent.Verb != sources.RollBack {
		return ""
	}
	for _, s := range r.Servers {
		lost := slices.ContainsFunc(gone, func(m sources.Member) bool { return m.Name == s.Member }) && !slices.Contains(moved, s.Member)
		spent := slices.ContainsFunc(rc.Answer, func(w sources.Answer) bool {
			a, _ := parseCommand(w.Write.Request)
			return w.Write.Member == s.Member && a.server == s.Name && (a.state == stateDrain || w.Err != nil)
		})
		if !lost || s.Arm != sources.Candidate || s.Weight == 0 || s.Drained || spent || shown && !s.Agent {
			continue
		}
		where := s.Name
		if len(r.Members) > 1 {
			where += " on " + s.Member
		}
		if s.Agent {
			return fmt.Sprintf("the agent check of %s set its weight again, to %d", where, s.Weight)
		}
		return fmt.Sprintf("somebody else set the weight of %s again, to %d", where, s.Weight)
	}
	return ""
}
