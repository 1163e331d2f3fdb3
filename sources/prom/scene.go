package prom

import (
	"maps"
	"slices"

	"rampart/sources"
)

// grid is where blocks are cut, in milliseconds: block i holds the samples with from+i*step < t <= from+(i+1)*step.
// Blocks before the window have negative numbers.
type grid struct {
	from, step int64
	n          int
	lookback   int64
}

// block is the number of the block that a time lies in.
func (g grid) block(t int64) int {
	d := t - g.from - 1
	i := d / g.step
	if d%g.step < 0 {
		i--
	}
	return int(i)
}

// oldest is the time that a sample must lie after to be a base of a block. It depends on the block alone, so that
// every window cuts it alike.
func (g grid) oldest(block int) int64 { return g.from + int64(block)*g.step - g.lookback }

// scene is everything that cutting one child's blocks may look at beside its own samples.
type scene struct {
	grid
	lives    lives
	families map[string][]int64     // by process and metric: when any of its children was scraped
	resets   map[string][]reset     // by process
	spoilt   sources.ByArm[moments] // when an arm showed what is no count
	mute     []*child               // left out whole, and no number at some time
	tally    *tally
}

// reset is a restart that is certain: at is the first scrape after it, block the one in which it was seen.
type reset struct {
	at    int64
	block int
}

// newScene looks over all children once: when each process was scraped, and which of its restarts are certain. A
// changed start alone is not: an exporter may restart while what it counts goes on. It is certain when one of the
// process's own counters went down at the same scrape; then all of them began again, also those that had caught up.
func newScene(g grid, ls lives, tracks map[*child][]track, t *tally) *scene {
	s := &scene{grid: g, lives: ls, families: map[string][]int64{}, resets: map[string][]reset{}, tally: t}
	times := map[string]map[int64]struct{}{}
	for kid, replicas := range tracks {
		if kid.process == "" {
			continue
		}
		key := kid.process + "\x00" + kid.family
		if times[key] == nil {
			times[key] = map[int64]struct{}{}
		}
		for _, tr := range replicas {
			for i, at := range tr.at {
				times[key][at] = struct{}{}
				s.confirm(kid, &tr, i)
			}
		}
	}
	for key, set := range times {
		s.families[key] = slices.Sorted(maps.Keys(set))
	}
	return s
}

// confirm takes note of a restart that a counter shows at a sample.
func (s *scene) confirm(kid *child, t *track, i int) {
	if i == 0 || !less(t.row(i), t.row(i-1)) {
		return
	}
	b := s.block(t.at[i])
	if oldest := s.oldest(b); t.at[i-1] > oldest && s.lives[kid.process] != nil {
		if at, ok := s.lives[kid.process].restarted(t.at[i-1], t.at[i], oldest); ok {
			s.resets[kid.process] = append(s.resets[kid.process], reset{at, b})
		}
	}
}

// restarted tells whether a process certainly started again in between. Only what was seen in the block of the later
// sample counts: what comes later must not change a block that was judged.
func (s *scene) restarted(process string, after, until int64) bool {
	return slices.ContainsFunc(s.resets[process], func(r reset) bool {
		return after < r.at && r.at <= until && r.block == s.block(until)
	})
}

// zero is the last instant at which a series that is new at a scrape is known to have been zero: the start of its
// process, or an earlier scrape at which the process showed its metric without this series. Clients create a series
// with its first event, so the first error of a process that runs for hours would be lost without the latter, and
// always to the candidate's favour: its processes are the young ones. What another replica saw of the series, or what was no
// number, is the series all the same: it may have counted for hours. One that was no number since its process started hid
// what it counted in the blocks from there on. Only what was shown after an instant counts: the sample before a reset.
func (s *scene) zero(kid *child, after, at int64, block int) (int64, bool) {
	if kid.process == "" {
		return 0, false
	}
	oldest := s.oldest(block)
	start, known := s.lives[kid.process].started(at, oldest)
	known = known && start > oldest
	seen := s.families[kid.process+"\x00"+kid.family]
	i, _ := slices.BinarySearch(seen, kid.firstShown(max(after, oldest), at))
	earlier := i > 0 && seen[i-1] > oldest
	switch {
	case known && (!earlier || start > seen[i-1]):
		if hid, ok := kid.spoilt.first(start, s.from+int64(block)*s.step); ok {
			start = min(start, s.from+int64(s.block(hid))*s.step)
		}
		return start, true
	case earlier:
		return seen[i-1], true
	}
	return 0, false
}
