package prom

import (
	"maps"
	"math"
	"slices"
	"time"

	"rampart/sources"
)

// growth is what one feature's histograms grew by over the window.
type growth struct {
	parts sources.ByArm[[]map[float64]float64]
	sum   sources.ByArm[float64]
	tally *tally
}

// grow subtracts two snapshots, histogram by histogram. What lies in after alone counts from zero when the process had
// shown the feature before, or when it started within the reach of the snapshot before: then nothing was scraped of it
// by the window's begin. A rollout begins with the first scrape of its candidate, so the start lies just before it.
func grow(before, after snapshot, ls lives, w sources.Window, reach time.Duration) map[string]*growth {
	shown := map[string]bool{} // which processes showed which feature before the window
	for _, st := range before.states {
		shown[st.process+"\x00"+st.feature] = true
	}
	again := restarted(before, after, ls, w)
	out := map[string]*growth{}
	for key, now := range after.states {
		if len(now.parts) == 0 {
			continue
		}
		g := out[now.feature]
		if g == nil {
			g = &growth{tally: newTally(w)}
			out[now.feature] = g
		}
		base, had := before.states[key]
		switch {
		case had && !again[now.process] && !lower(now.parts, base.parts):
		case had:
			g.tally.reset(now.process)
			base = &state{}
		case now.process != "" && (shown[now.process+"\x00"+now.feature] || ls[now.process].startedIn(w.From.Add(-reach), w.To)):
			base = &state{}
		default:
			g.tally.bases++
			continue
		}
		g.add(now, base)
	}
	return out
}

func (g *growth) add(now, base *state) {
	grown := map[float64]float64{}
	for e, v := range now.parts {
		if b, ok := base.parts[e]; ok || base.parts == nil {
			grown[e] = v - b
		}
	}
	*g.parts.Ptr(now.arm) = append(g.parts.Of(now.arm), grown)
	*g.sum.Ptr(now.arm) += now.sum - base.sum
}

func lower(now, before map[float64]float64) bool {
	for e, v := range now {
		if v < before[e] {
			return true
		}
	}
	return false
}

// restarted are the processes that certainly began again within the window: by their own word, and one of their
// histograms went down. All their histograms began again then, also those that had caught up by the window's end.
func restarted(before, after snapshot, ls lives, w sources.Window) map[string]bool {
	out := map[string]bool{}
	for key, now := range after.states {
		base, had := before.states[key]
		if had && now.process != "" && lower(now.parts, base.parts) && ls[now.process].startedIn(w.From, w.To) {
			out[now.process] = true
		}
	}
	return out
}

// startedIn tells whether the process that was scraped last until one instant had started after another.
func (l *life) startedIn(after, until time.Time) bool {
	start, ok := l.started(until.UnixMilli(), 0)
	return ok && start > after.UnixMilli()
}

// fill adds up the processes of each arm over the edges that all of them have.
func (g *growth) fill(d *sources.Distribution) {
	edges := g.edges()
	for _, arm := range sources.Arms() {
		grown := g.parts.Of(arm)
		if len(grown) == 0 {
			continue
		}
		h := &sources.Histogram{Edges: edges, Counts: make([]int64, len(edges)+1), Sum: g.sum.Of(arm)}
		for _, parts := range grown {
			below := 0.0
			for i, e := range append(slices.Clone(edges), math.Inf(1)) {
				v := parts[e]
				if v < below {
					g.tally.inverted++
					v = below
				}
				h.Counts[i] += int64(v - below)
				below = v
			}
		}
		*d.Histogram.Ptr(arm) = h
	}
}

// edges are the finite edges that every process of both arms has.
func (g *growth) edges() []float64 {
	count, n := map[float64]int{}, 0
	for _, arm := range sources.Arms() {
		for _, parts := range g.parts.Of(arm) {
			n++
			for e := range parts {
				count[e]++
			}
		}
	}
	delete(count, math.Inf(1))
	var out []float64
	for _, e := range slices.Sorted(maps.Keys(count)) {
		if count[e] == n {
			out = append(out, e)
			continue
		}
		g.tally.merged[e] = struct{}{}
	}
	return out
}

// mostEdges is how many cells a native histogram is brought to at most for drift.
const mostEdges = 40

// cutNative cuts native histograms at bounds that no bucket of either snapshot straddles, feature by feature, so that
// every count is exact.
func cutNative(snaps ...snapshot) {
	byFeature := map[string][]*state{}
	for _, snap := range snaps {
		for _, st := range snap.states {
			if st.native != nil {
				byFeature[st.feature] = append(byFeature[st.feature], st)
			}
		}
	}
	for _, states := range byFeature {
		edges := sharedBounds(states)
		t := newTally(sources.Window{From: time.Unix(0, 0), To: time.Unix(1, 0)})
		for _, st := range states {
			p := nativePoints{at: []int64{1}, whole: []nativeSample{*st.native}}
			for e, q := range p.cutAt(edges, t, func(int64) {}) {
				st.parts[e] = q.v[0]
			}
		}
	}
}

// sharedBounds are bounds that lie inside no bucket, evenly thinned.
func sharedBounds(states []*state) []float64 {
	bounds := map[float64]bool{}
	for _, st := range states {
		for _, b := range st.native.Buckets {
			bounds[b.left], bounds[b.right] = true, true
		}
	}
	var free []float64
	for _, e := range slices.Sorted(maps.Keys(bounds)) {
		inside := slices.ContainsFunc(states, func(st *state) bool {
			return slices.ContainsFunc(st.native.Buckets, func(b nativeBucket) bool { return b.left < e && e < b.right })
		})
		if !inside && !math.IsInf(e, 0) {
			free = append(free, e)
		}
	}
	for len(free) > mostEdges {
		thin := free[:0:0]
		for i := 0; i < len(free); i += 2 {
			thin = append(thin, free[i])
		}
		free = thin
	}
	return free
}
