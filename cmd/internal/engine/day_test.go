package engine

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// held is what is in use once the garbage is gone, in kB.
func held() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e3
}

// days is a service whose sources say at each scrape what they would in a long rollout: blocks, and a reading of the plane;
// now and then one is away, the split is another, legacy is deployed anew, the router reloads.
type days struct {
	engine  *Engine
	town    *town
	at      time.Time
	scrapes int
	reading sources.Reading
}

func newDays(every time.Duration) *days {
	svc, began := ranker(), time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	svc.Step, svc.Identity = every, nil
	svc.Measures[0].Query.Step = every
	d := &days{engine: New(Config{Service: svc, Clock: Clock{Now: func() time.Time { return began }}}), town: newTown(began), at: began}
	d.reading = sources.Reading{Epoch: "1", Servers: []sources.Server{{Name: "stable", Arm: sources.Legacy, Up: true}, {Name: "canary", Arm: sources.Candidate, Up: true}}}
	return d
}

// scrape is one scrape's round: all that an engine does with what its sources say.
func (d *days) scrape() {
	e := d.engine
	d.scrapes++
	w := sources.Window{From: d.at, To: d.at.Add(e.cfg.Service.Step)}
	d.at = w.To
	answers := d.town.Blocks(context.Background(), []sources.BlockQuery{e.cfg.Service.Measures[0].Query}, w)
	d.reading.At, d.reading.Configured = d.at, sources.SplitAt(sources.Share(10_000*(1+d.scrapes/100%2)), d.at)
	d.reading.Epoch = []string{"1", "2"}[d.scrapes/300%2]
	d.reading.Servers = slices.Clone(d.reading.Servers)
	for i := range d.reading.Servers {
		d.reading.Servers[i].Counters.Requests += 900
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.whole = true
	e.traf.add(d.reading, d.at)
	e.book.add(answers, w, e.traf)
	if e.met.ok(d.at, d.at, time.Millisecond, nil); d.scrapes%50 == 0 {
		e.met.failed(d.at, sources.ErrUnreachable, d.at)
	}
	e.board.put(e.build(), e.completion())
}

func TestEngine_ADayHoldsNoMoreThanTheHoursThatAreShown(t *testing.T) {
	const every, tolerance = 30 * time.Second, 1.1
	until := func(d *days, hours int) float64 {
		for d.at.Sub(d.town.start) < time.Duration(hours)*time.Hour {
			d.scrape()
		}
		return held()
	}
	before := held()
	d := newDays(every)
	six := until(d, 6) - before
	early := until(d, 9) - before // the oldest blocks were let go for the first time
	late := until(d, 24) - before
	t.Logf("after 6 h %.0f kB, 9 h %.0f kB, 24 h %.0f kB", six, early, late)
	if early < 20 || late > early*tolerance {
		t.Errorf("%.0f kB after a day, %.0f kB after 9 hours", late, early)
	}
	runtime.KeepAlive(d)
}

func TestTraffic_WhatHappenedForWeeksIsHeldAsFarBackAsItIsShown(t *testing.T) {
	traf := newTraffic(step)
	for i := range 10_000 {
		traf.tick(frame.Tick{At: time.Unix(int64(i), 0)})
	}
	if n := len(traf.ticks); n < mostSeen || n > 2*mostSeen || traf.ticks[n-1].At.Unix() != 9999 {
		t.Errorf("%d are held, the last of %v", n, traf.ticks[n-1].At)
	}
}
