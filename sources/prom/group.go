package prom

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/sources"
	"rampart/sources/group"
)

// How much is asked by one query of a group. Where it is more, several are asked.
const (
	// mostTogether is how many services: at some ten processes in both arms and a histogram of twelve edges each, the
	// answer has 65 000 series and is read as a stream.
	mostTogether = 500
	// mostPast is their spans added up, so that a long history is asked for fewer services at once: 500 at each
	// scrape with the default lookback, 100 for half an hour.
	mostPast = 500 * 420 * time.Second
	// mostPattern is the length of their values in the pattern that selects them: it is sent by POST, and has its place
	// in the server's log of slow queries.
	mostPattern = 32 << 10
)

// How long questions wait for others. Services in step come within milliseconds, on a busy machine within tens of them;
// who is out of step waits a lull with each question of a round, of which there are three or four one after the other.
const (
	groupLull     = 50 * time.Millisecond
	groupPatience = time.Second
)

// Group is one server that several services are read from. Questions that differ in the value of one label alone are
// asked as one query, and the answer is taken apart by that label: the number of queries at each scrape does not grow
// with services (up to 500 of them; see mostTogether). It is safe for many goroutines.
//
// Everything else is each service's own: what of a series is counted and how, deadlines, errors of its series, notes.
// An error of a query is the error of all that it was asked for. Free expressions ([Source.Threshold]) are asked alone.
type Group struct {
	source *Source
	label  string
	table  *group.Table[part, *series, envelope]

	mu      sync.Mutex
	members map[string]int // by family
}

// NewGroup makes a group whose services are told apart by a label; see [GroupLabel]. Without a label all ask alone.
func NewGroup(source *Source, label string) *Group {
	g := &Group{source: source, label: label, members: map[string]int{}}
	g.table = g.newTable(groupLull)
	return g
}

func (g *Group) newTable(lull time.Duration) *group.Table[part, *series, envelope] {
	return group.New(group.Config[part, *series, envelope]{
		Ask: g.ask, Weight: weight, TooMuch: tooMuch, Lull: lull, Patience: groupPatience,
	})
}

// Join returns the source as one service reads it, until leave is called. Whoever joins is waited for: a service that is
// not read any more must leave.
func (g *Group) Join(t sources.Target) (s *Source, leave func()) {
	own := *g.source
	i := slices.IndexFunc(t.Select, func(m sources.Matcher) bool { return m.Label == g.label })
	if g.label == "" || i < 0 {
		return &own, func() {}
	}
	own.seat = &seat{group: g, family: family(t.Select, i)}
	g.count(own.seat.family, 1)
	return &own, sync.OnceFunc(func() { g.count(own.seat.family, -1) })
}

// count takes note of who comes and goes.
func (g *Group) count(family string, n int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.members[family] += n; g.members[family] == 0 {
		delete(g.members, family)
	}
}

// seat is one service's place in a group.
type seat struct {
	group  *Group
	family string
}

// ask asks a part of a question with the others. Who has nobody to wait for asks alone.
func (s *seat) ask(ctx context.Context, key string, p part, each func(*series) error) (envelope, error) {
	s.group.mu.Lock()
	all := s.group.members[s.family]
	s.group.mu.Unlock()
	if all < 2 {
		return s.group.source.raw(ctx, p.question, each)
	}
	e, err := s.group.table.Ask(ctx, key, all, p, each)
	if err != nil {
		err = s.group.source.fault("query", err)
	}
	return e, err
}

// ask asks all parts at once.
func (g *Group) ask(ctx context.Context, parts []part, give func(i int, s *series)) (envelope, error) {
	if len(parts) == 1 {
		return g.source.raw(ctx, parts[0].question, func(s *series) error { give(0, s); return nil })
	}
	all := together(g.label, parts)
	return g.source.raw(ctx, all, divide(g.label, parts, all, give))
}

// weight is the part of a full query that one service's takes.
func weight(p part) float64 {
	w := max(1.0/mostTogether, float64(len(p.value)+1)/mostPattern)
	if p.raw() {
		w = max(w, float64(p.span)/float64(mostPast))
	}
	return w
}

// tooMuch tells whether a server may answer a query for fewer services. One that took too long is not asked twice in the
// same breath: everybody's retry will be smaller.
func tooMuch(err error) (smaller, again bool) {
	if errors.Is(err, context.DeadlineExceeded) {
		return true, false
	}
	_, size := errors.AsType[oversize](err)
	return size, size
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// GroupLabel finds the label whose value tells services apart: of those that are selected by equality, the one without
// which most targets are like another. It is empty when none helps; of several that help alike, the first by name.
func GroupLabel(targets []sources.Target) string {
	alike := map[string]map[string]int{}
	for _, t := range targets {
		for i, m := range t.Select {
			if m.Op != "=" || m.Value == "" {
				continue
			}
			if alike[m.Label] == nil {
				alike[m.Label] = map[string]int{}
			}
			alike[m.Label][family(t.Select, i)]++
		}
	}
	best, most := "", 1
	for _, label := range sortedKeys(alike) {
		n := 0
		for _, of := range alike[label] {
			if of > 1 {
				n += of
			}
		}
		if n > most {
			best, most = label, n
		}
	}
	return best
}

// family is what a service's selection is but for one matcher.
func family(service []sources.Matcher, but int) string {
	var rest []string
	for i, m := range service {
		if i != but {
			rest = append(rest, render(m))
		}
	}
	slices.Sort(rest)
	return strings.Join(rest, ",")
}
