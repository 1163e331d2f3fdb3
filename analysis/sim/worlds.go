package sim

import (
	"fmt"
	"math"
)

// Worlds are all that the judge is scored in, in the order of the card.
func Worlds() []World {
	var all []World
	for _, group := range [][]World{nulls(), noises(), harms(), lates(), slows(), safes(), forecastWorlds()} {
		all = append(all, group...)
	}
	return all
}

// Find gives the worlds of a name: one of them, or all.
func Find(name string) ([]World, error) {
	all := Worlds()
	if name == "all" {
		return all, nil
	}
	names := ""
	for _, w := range all {
		if w.Name == name {
			return []World{w}, nil
		}
		names += " " + w.Name
	}
	return nil, &NameError{Name: name, Known: "all" + names}
}

// NameError says that no world has a name, and which names there are.
type NameError struct{ Name, Known string }

// Error tells both.
func (e *NameError) Error() string {
	return fmt.Sprintf("simulate %q: no such world; there are %s", e.Name, e.Known)
}

// steady is a world of 0.5 % errors.
func steady(name, title string, share func(int) float64, r ...Requirement) World {
	return World{Name: name, Title: title, share: share, rate: one(baseline), Required: r}
}

// nulls are worlds in which the candidate is not worse.
func nulls() []World {
	hold := worseAtMost(alpha)
	flat := steady("flat", "A/A at 50 %", one(.5), hold)
	small := steady("flat-5", "A/A at 5 %", one(.05), hold)
	onRamp := steady("ramp", "A/A on the ramp", ramp, hold)
	drift := steady("ramp-drift", "A/A on the ramp, errors .3 to .9 %", ramp, hold)
	drift.rate = func(look int) float64 { return .003 + .006*float64(look)/looks }
	diurnal := steady("diurnal", "A/A on the ramp, errors in waves", ramp, hold)
	diurnal.rate = func(look int) float64 { return baseline * (1 + .6*math.Sin(4*math.Pi*float64(look)/looks)) }
	reset := steady("reset", "A/A on the ramp, 5 % of scrapes cross a counter reset", ramp, hold)
	reset.reset = .05
	missing := steady("missing", "A/A on the ramp, 20 % of scrapes missing in one arm", ramp, hold)
	missing.missing = .2
	sampled := steady("sampled", "A/A on the ramp, a tenth of the requests seen", ramp, hold)
	sampled.sampled = .1
	halved := steady("errors-halved", "half the errors, on the ramp", ramp, hold)
	halved.ratio = one(.5)
	none := steady("no-errors", "no errors in either arm", ramp, hold)
	none.rate = one(0)
	slow := steady("latency-drift", "A/A on the ramp, both arms 20 % slower over the hour, latency alone", ramp, hold)
	slow.latency = &latency{drift: .2}
	plain := steady("latency", "A/A on the ramp, latency alone", ramp, hold)
	plain.latency = &latency{}
	better := steady("latency-better", "20 % faster, on the ramp, latency alone", ramp, hold)
	better.latency = &latency{factor: .8}
	two := steady("two-measures", "A/A on the ramp, errors and latency", ramp, hold)
	two.latency, two.both = &latency{}, true
	routes := steady("routes", "A/A on the ramp, the candidate gets more of a route with ten times the errors", ramp, hold)
	routes.routes = true
	return []World{flat, small, onRamp, drift, diurnal, reset, missing, sampled, halved, none, routes, plain, slow, better, two}
}

// noises are worlds in which the candidate is not worse and the counts are noisier than chance.
func noises() []World {
	gamma := steady("gamma", "A/A on the ramp, Gamma(2) noise in each arm and scrape", ramp, worseAtMost(.08))
	gamma.gamma = true
	jitter := steady("jitter", "A/A on the ramp, 10 % latency jitter in each arm and scrape, latency alone", ramp)
	jitter.latency = &latency{jitter: .1}
	worlds := []World{gamma, jitter}
	for _, times := range []float64{2, 3, 4} {
		w := steady(fmt.Sprintf("bursts-%g", times), fmt.Sprintf("A/A on the ramp, private bursts of %g times the errors", times), ramp, autoAtMost(.10), redAtLeast(.90))
		w.burst = times
		worlds = append(worlds, w)
	}
	return worlds
}

// harms are ratios of errors at constant shares and on the ramp.
func harms() []World {
	onRamp := map[float64][]Requirement{
		2: {worseWithin(1.15 * 24.75), autoWithin(32)},
		3: {worseWithin(1.15 * 15.75), autoWithin(20)},
		5: {worseWithin(1.15 * 6.25), autoWithin(11)},
	}
	var worlds []World
	for _, rr := range []float64{1.25, 1.5, 2, 3, 5} {
		for _, at := range []struct {
			name, title string
			share       func(int) float64
			required    []Requirement
		}{
			{"ramp", "on the ramp", ramp, onRamp[rr]},
			{"1", "at 1 %", one(.01), nil},
			{"5", "at 5 %", one(.05), fixedSplit(rr, 5, 12.8)},
			{"50", "at 50 %", one(.5), fixedSplit(rr, 50, 3)},
		} {
			w := steady(fmt.Sprintf("rr-%g-%s", rr, at.name), fmt.Sprintf("%g times the errors, %s", rr, at.title), at.share, at.required...)
			w.ratio = one(rr)
			worlds = append(worlds, w)
		}
	}
	routes := steady("routes-3", "3 times the errors in both routes of routes, on the ramp", ramp, worseWithin(20))
	routes.routes, routes.ratio = true, one(3)
	fresh := steady("zero-baseline", "legacy has no errors, the candidate 0.5 %, on the ramp", ramp, worseWithin(20))
	fresh.rate, fresh.ratio = one(1e-9), one(baseline/1e-9)
	return append(worlds, fresh, routes)
}

// fixedSplit is what ratio 2 must keep at a constant split: 20 % above the raw process's minutes, or two looks.
func fixedSplit(rr float64, percent int, minutes float64) []Requirement {
	if rr != 2 || percent == 1 {
		return nil
	}
	return []Requirement{worseWithin(max(1.2*minutes, minutes+2./perMinute))}
}

// lates are harms that set in at minute 40.
func lates() []World {
	const onset = 40 * perMinute
	var worlds []World
	for _, rr := range []float64{2, 3} {
		var required []Requirement
		if rr == 3 {
			required = []Requirement{worseWithin(2.5)}
		}
		w := steady(fmt.Sprintf("late-%g", rr), fmt.Sprintf("%g times the errors from minute 40, on the ramp", rr), ramp, required...)
		w.ratio, w.onset = from(onset, rr), onset
		worlds = append(worlds, w)
	}
	return worlds
}

// slows are latencies that are worse, latency alone unless said.
func slows() []World {
	make := func(name, title string, share func(int) float64, l latency, r ...Requirement) World {
		w := steady(name, title, share, r...)
		w.latency = &l
		return w
	}
	both := make("tail-10-both", "1 % of requests 10 times slower, on the ramp, errors and latency", ramp, latency{part: .01, by: 10})
	both.both = true
	return []World{
		make("slower-5-50", "5 % slower at 50 %", one(.5), latency{factor: 1.05}),
		make("slower-10", "10 % slower on the ramp", ramp, latency{factor: 1.1}),
		make("slower-20", "20 % slower on the ramp", ramp, latency{factor: 1.2}),
		make("spread", "the same median, a third wider, on the ramp", ramp, latency{sigma: .8}),
		make("tail-10", "1 % of requests 10 times slower, on the ramp", ramp, latency{part: .01, by: 10}, worseWithin(12)),
		both,
		make("tail-5-5", "2 % of requests 5 times slower, at 5 %", one(.05), latency{part: .02, by: 5}),
	}
}

// safes ask how soon and how rightly SAFE is called.
func safes() []World {
	same := steady("safe", "no difference, on the ramp", ramp, safeAtLeast(.95), safeWithin(38))
	edge := steady("safe-edge", "1.5 times the errors, just outside the safe margin, on the ramp", ramp, safeAtMost(alpha))
	edge.ratio = one(1.5)
	edge20 := steady("safe-edge-20", "1.2 times the errors at a safe margin of .2, at 50 %", one(.5), safeAtMost(alpha))
	edge20.ratio, edge20.Margin = one(1.2), .2
	noisy := steady("safe-edge-bursts", "1.5 times the errors with bursts of 4 times, on the ramp", ramp)
	noisy.ratio, noisy.burst = one(1.5), 4
	return []World{same, edge, edge20, noisy}
}

// forecastWorlds ask whether detections fall into the range forecast; it is calibrated for constant shares.
func forecastWorlds() []World {
	var worlds []World
	for _, c := range []struct{ rr, share float64 }{{2, .05}, {2, .5}, {3, .05}, {3, .5}, {5, .05}} {
		w := steady(fmt.Sprintf("forecast-%g-%g", c.rr, 100*c.share), fmt.Sprintf("%g times the errors at %g %%", c.rr, 100*c.share), one(c.share), forecastAtLeast(.80))
		w.ratio, w.forecast = one(c.rr), true
		worlds = append(worlds, w)
	}
	return worlds
}
