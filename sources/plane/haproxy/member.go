package haproxy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/sources"
)

// member is what one process says at one instant.
type member struct {
	name      string
	at        time.Time
	epoch     string
	version   string
	algorithm string
	cookie    string
	level     string // what our end of the socket may do: "admin", "operator", "user"; "" where it is not told
	servers   []server
	astray    []stray
}

// server is one server of an arm on one member.
type server struct {
	state
	serverStat
	arm sources.Arm
}

// of returns the servers of an arm, in the order of the file. Backups are left out: no share can be promised of them.
func (m member) of(a sources.Arm) []server {
	var out []server
	for _, s := range m.servers {
		if s.arm == a && !s.backup {
			out = append(out, s)
		}
	}
	return out
}

// weights returns what is set for an arm's servers. A candidate whose servers with a weight are all drained has nothing,
// whatever their weights are. One drained server among others keeps its weight here, as one that is down does, and so do
// legacy's: a server that is put aside for an hour must not look like a share that somebody set. What is effective says it.
func (m member) weights(a sources.Arm) []int {
	servers := m.of(a)
	out := numbers(servers, func(s server) int { return s.weight })
	if a == sources.Candidate && !slices.ContainsFunc(servers, func(s server) bool { return !s.drained() && s.weight > 0 }) {
		clear(out)
	}
	return out
}

// initial returns what the file says of an arm's servers.
func (m member) initial(a sources.Arm) []int {
	return numbers(m.of(a), func(s server) int { return s.initial })
}

// effective returns the weights in use; a server that takes no requests has none.
func (m member) effective(a sources.Arm) []int {
	return numbers(m.of(a), func(s server) int {
		if !s.up() {
			return 0
		}
		return s.inUse
	})
}

func numbers(servers []server, of func(server) int) []int {
	out := make([]int, len(servers))
	for i, s := range servers {
		out[i] = of(s)
	}
	return out
}

// split is the share of weights, unknown when there is no weight at all.
func (m member) split(of func(member, sources.Arm) []int) sources.Split {
	legacy, candidate := total(of(m, sources.Legacy)), total(of(m, sources.Candidate))
	if legacy+candidate == 0 {
		return sources.Split{At: m.at}
	}
	return sources.SplitAt(shareOf(legacy, candidate), m.at)
}

func shareOf(legacy, candidate int) sources.Share {
	return sources.ShareOf(float64(candidate) / float64(legacy+candidate))
}

func total(weights []int) int {
	n := 0
	for _, w := range weights {
		n += w
	}
	return n
}

// aboutProcess is what a member is asked once, whatever its backends: what it is, and whether we may write to it. That is
// asked before anybody has to: a socket without "level admin" looks like any other until the first write.
const aboutProcess = "show info; show cli level"

// question is what one member is asked, in one line so that the answers belong together: two for each backend, and two of
// the process.
func question(backends ...string) string {
	var b strings.Builder
	for _, name := range backends {
		b.WriteString(asking(name))
	}
	return b.String() + aboutProcess
}

func asking(backend string) string {
	return "show stat " + backend + " 6 -1; show servers state " + backend + "; "
}

// readMember asks one member for everything, alone and now.
func (p *Plane) readMember(ctx context.Context, s *socket) (member, error) {
	text, err := s.exchange(ctx, "read", question(p.conf.Backend))
	return p.understand(s, text, err)
}

// understand reads a member's answer to question, or the failure to get it.
func (p *Plane) understand(s *socket, text string, err error) (member, error) {
	if err != nil {
		if e, ok := errors.AsType[*sources.Error](err); ok {
			own := *e        // several may have got it
			own.Sent = false // Sent speaks of writes
			err = &own
		}
		return member{}, err
	}
	m := member{name: s.member, at: p.now()}
	if err := m.parse(text, p.conf.Backend); err != nil {
		if known, ok := errors.AsType[*sources.Error](err); ok {
			return member{}, known
		}
		return member{}, &sources.Error{Op: "read", Target: s.member, Kind: sources.ErrUnreachable, Cause: err}
	}
	if err := p.assign(&m); err != nil {
		return member{}, err
	}
	return m, nil
}

// parse cuts the three sections apart by how they begin; what HAProxy has no answer for is prose instead.
func (m *member) parse(text, backend string) error {
	stats, rest, ok := strings.Cut(text, "\n1\n# ")
	if !strings.HasPrefix(text, "# pxname") {
		return unread(m.name, text, backend)
	}
	states, process, found := strings.Cut(rest, "\nName: ")
	if !ok || !found || !strings.HasSuffix(text, "\n\n") {
		return fmt.Errorf("the answer of %d bytes ends too early", len(text))
	}
	stat, err := parseStat(stats, backend)
	if err != nil {
		return err
	}
	servers, err := parseStates("1\n# "+states, backend)
	if err != nil {
		return err
	}
	proc, err := parseInfo(process)
	if err != nil {
		return err
	}
	m.epoch, m.version, m.algorithm, m.cookie, m.level = epochOf(proc), proc.version, stat.algorithm, stat.cookie, levelOf(process)
	for _, s := range servers {
		line, ok := stat.servers[s.name]
		if !ok {
			return fmt.Errorf("server %q has a state and no statistics", s.name)
		}
		m.servers = append(m.servers, server{state: s, serverStat: line})
	}
	return nil
}

// levelOf is what stands behind the answer to "show info" (management guide 9.3, "show cli level").
func levelOf(process string) string {
	_, level, _ := strings.Cut(process, "\n\n")
	switch level = strings.TrimSpace(level); level {
	case "admin", "operator", "user":
		return level
	}
	return ""
}

// denied tells a socket that refuses every write.
func (m member) denied() bool { return m.level != "" && m.level != "admin" }

// epochOf names a process by its id and its start. Versions that do not tell the start are named by the id alone: a
// start computed from the uptime would be a second off now and then, which must not look like a reload.
func epochOf(i info) string {
	if i.start == "" {
		return i.pid
	}
	return i.pid + "@" + i.start
}

// readAll reads every member at once. Members that could not be read have an error at their place.
func (p *Plane) readAll(ctx context.Context) ([]member, []error) {
	return p.readEach(func(i int) (member, error) { return p.readMember(ctx, p.sockets[i]) })
}

func (p *Plane) readEach(read func(i int) (member, error)) ([]member, []error) {
	members, errs := make([]member, len(p.sockets)), make([]error, len(p.sockets))
	if len(p.sockets) == 1 {
		members[0], errs[0] = read(0)
		return members, errs
	}
	var wg sync.WaitGroup
	for i := range p.sockets {
		wg.Go(func() { members[i], errs[i] = read(i) })
	}
	wg.Wait()
	return members, errs
}
