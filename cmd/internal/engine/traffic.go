package engine

import (
	"slices"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// traffic is what the plane said, now and before.
type traffic struct {
	step    time.Duration
	caps    sources.Caps
	known   bool // caps were read
	reading sources.Reading
	before  sources.Reading // the reading before, for rates
	splits  []frame.SplitAt // changes of the configured split, oldest first
	ticks   []frame.Tick    // the newest, as they came
	router  packed          // the router's own counters, one block per step
	base    sources.Reading // at the last block's end
	epochs  sources.Epochs  // who the members were when each was last read
	seen    []arrivals      // requests by the counters, for "seen"
	drained string          // who drained servers of the candidate
}

// arrivals are the requests that the router sent to each arm between two readings.
type arrivals struct {
	from, to time.Time
	n        sources.ByArm[int64]
}

// newTraffic starts without a reading.
func newTraffic(step time.Duration) *traffic { return &traffic{step: step} }

// keptSplits bounds the history of splits; a ramp has a handful.
const keptSplits = 512

// add takes a reading; end is the block end it was made for, or zero between block ends.
func (t *traffic) add(r sources.Reading, end time.Time) {
	t.note(r)
	if t.reading.Epoch == r.Epoch && !t.reading.At.IsZero() && t.reading.Uncounted() == "" && r.Uncounted() == "" {
		t.seen = append(t.seen, arrivals{from: t.reading.At, to: r.At, n: requestsBetween(t.reading, r)})
		for len(t.seen) > 0 && r.At.Sub(t.seen[0].to) > time.Minute {
			t.seen = t.seen[1:]
		}
	} else {
		t.seen = nil
	}
	t.before, t.reading = t.reading, r
	if end.IsZero() {
		return
	}
	if t.base.Epoch == r.Epoch && !t.base.At.IsZero() && end.Sub(sources.Align(t.base.At, t.step)) == t.step && t.base.Unjudged() == "" && r.Unjudged() == "" {
		t.router.push(end, plain(routerBlock(t.base, r, end).Strata[0].Counts))
		t.router.trim(t.step)
	}
	t.base = r
}

// note remembers what changed since the last reading, as ticks.
func (t *traffic) note(r sources.Reading) {
	if r.Configured.Known && (len(t.splits) == 0 || !t.splits[len(t.splits)-1].Split.Equal(r.Configured)) {
		if len(t.splits) > 0 {
			t.tick(frame.Tick{
				At: r.At, Kind: frame.TickSplit,
				Text: sources.Textf("split %s → %s", t.splits[len(t.splits)-1].Split, r.Configured),
			})
		}
		t.splits = append(t.splits, frame.SplitAt{At: r.At, Split: r.Configured})
		if len(t.splits) > keptSplits {
			t.splits = t.splits[1:]
		}
	}
	if moved := t.epochs.Moved(r); len(moved) > 0 {
		who := "the router"
		if len(r.Members) > 1 {
			who = strings.Join(moved, ", ")
		}
		t.tick(frame.Tick{At: r.At, Kind: frame.TickReload, Text: sources.Textf("%s reloaded: its weights are the file's, %s", who, r.File)})
	}
	t.epochs = t.epochs.With(r)
}

// tick remembers what happened, as far back as is shown: a source that comes and goes for weeks makes thousands.
func (t *traffic) tick(one frame.Tick) {
	if len(t.ticks) >= 2*mostSeen {
		t.ticks = slices.Clone(t.ticks[len(t.ticks)-mostSeen:])
	}
	t.ticks = append(t.ticks, one)
}

// shareIn returns the configured share that held through a whole block, if one did.
func (t *traffic) shareIn(from, to time.Time) (sources.Share, bool) {
	for i := len(t.splits) - 1; i >= 0; i-- {
		at := t.splits[i].At
		if at.After(from) && !at.After(to) {
			return 0, false
		}
		if !at.After(from) {
			return t.splits[i].Split.Candidate, t.splits[i].Split.Known
		}
	}
	return 0, false
}

// seenSplit is the candidate's part of the requests of the last minute.
func (t *traffic) seenSplit() sources.Split {
	var n sources.ByArm[int64]
	for _, a := range t.seen {
		n.Legacy += a.n.Legacy
		n.Candidate += a.n.Candidate
	}
	if all := n.Legacy + n.Candidate; all > 0 {
		return sources.SplitAt(sources.ShareOf(float64(n.Candidate)/float64(all)), t.reading.At)
	}
	return sources.Split{}
}

// rate is an arm's requests per second over the last minute.
func (t *traffic) rate(a sources.Arm) analysis.Value {
	switch why := t.reading.UncountedOf(a); {
	case t.reading.At.IsZero(), len(t.seen) == 0 && why == "":
		return analysis.Missing("no two readings yet")
	case why != "":
		return analysis.Missing(why)
	}
	var n int64
	for _, s := range t.seen {
		n += s.n.Of(a)
	}
	span := t.seen[len(t.seen)-1].to.Sub(t.seen[0].from).Seconds()
	if span <= 0 {
		return analysis.Missing("no time between two readings")
	}
	return analysis.Number(float64(n)/span, analysis.PerSecond, n).AsOf(t.reading.At)
}

// view is the traffic as the frame shows it.
func (t *traffic) view(name string, asked sources.Split, held string) frame.Traffic {
	r := t.reading
	v := frame.Traffic{
		Plane: name, Asked: asked, Set: r.Configured, Effective: r.Effective, Seen: t.seenSplit(), File: r.File, ReadAt: r.At, Rev: r.Rev, Epoch: r.Epoch,
		Identity: r.Identity, Servers: r.Servers, Writes: t.caps.Writes, Notes: r.Notes, History: t.splits[:len(t.splits):len(t.splits)],
		Rate: sources.ByArm[analysis.Value]{Legacy: t.rate(sources.Legacy), Candidate: t.rate(sources.Candidate)}, Held: held, Drained: t.drained,
	}
	for _, m := range r.Members {
		fm := frame.Member{Name: m.Name, Configured: m.Configured}
		if m.Err != nil {
			fm.Err = sources.Visible(m.Err.Error())
		}
		v.Members = append(v.Members, fm)
	}
	v.Rates = serverRates(t.before, r)
	return v
}
