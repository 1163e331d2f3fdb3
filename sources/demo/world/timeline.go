package world

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Percent is a share as people write it: "5%" or 5.
type Percent float64

// UnmarshalText reads "5%", "0.5 %" or "5".
func (p *Percent) UnmarshalText(b []byte) error {
	f, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(string(b), "%")), 64)
	if err != nil || f < 0 || f > 100 {
		return fmt.Errorf("share %q: want a percentage between 0%% and 100%%", b)
	}
	*p = Percent(f)
	return nil
}

// Deploy replaces the processes of a track; an empty model is the one of the fleet.
type Deploy struct {
	Track string `yaml:"track"`
	Model *Model `yaml:"model"`
}

// Event is one thing that happens to the world from outside; exactly one of its deeds is given.
type Event struct {
	At       time.Duration     `yaml:"at"` // from the moment the world opens, negative before
	Share    Percent           `yaml:"share"`
	Weights  map[string]int    `yaml:"weights"`
	Scenario string            `yaml:"scenario"`
	Reload   bool              `yaml:"reload"`
	State    map[string]string `yaml:"state"`
	Deploy   *Deploy           `yaml:"deploy"`
	RollBack bool              `yaml:"rollback"`
}

// fault says what is wrong with the event; empty when nothing is.
func (e *Event) fault(s *Spec) string {
	deeds := 0
	for _, given := range []bool{e.Share > 0, e.Weights != nil, e.Scenario != "", e.Reload, e.State != nil, e.Deploy != nil, e.RollBack} {
		if given {
			deeds++
		}
	}
	if deeds != 1 {
		return fmt.Sprintf("has %d deeds, want one of share, weights, scenario, reload, state, deploy, rollback", deeds)
	}
	if _, ok := ScenarioNamed(e.Scenario); e.Scenario != "" && !ok {
		return unknownScenario(e.Scenario)
	}
	for name, w := range e.Weights {
		if !s.has(name) || w < 0 || w > 256 {
			return fmt.Sprintf("weight %d of server %q: want a server of the world and a weight between 0 and 256", w, name)
		}
	}
	for name, state := range e.State {
		if _, ok := admins()[state]; !s.has(name) || !ok {
			return fmt.Sprintf("state %q of server %q: want a server of the world and ready, drain or maint", state, name)
		}
	}
	if e.Deploy != nil && e.Deploy.Track != "canary" && e.Deploy.Track != "stable" {
		return fmt.Sprintf("deploys track %q, want stable or canary", e.Deploy.Track)
	}
	return ""
}

func unknownScenario(name string) string {
	var names []string
	for _, s := range Scenarios() {
		names = append(names, s.Name)
	}
	return fmt.Sprintf("no scenario %q, there are %s", name, strings.Join(names, ", "))
}

func admins() map[string]Admin {
	return map[string]Admin{"ready": AdminReady, "drain": AdminDrain, "maint": AdminMaint}
}

// has says whether the Spec makes a server of that name.
func (s *Spec) has(name string) bool {
	track, number, _ := strings.Cut(name, "-")
	i, err := strconv.Atoi(number)
	return err == nil && i >= 1 && (track == "stable" && i <= s.Stable.Pods || track == "canary" && i <= s.Canary.Pods)
}

// play does what the timeline holds for this moment and before.
func (w *World) play(now time.Time) {
	for len(w.timeline) > 0 && !w.spec.Opens.Add(w.timeline[0].At).After(now) {
		e := w.timeline[0]
		w.timeline = w.timeline[1:]
		w.do(&e, now)
	}
}

func (w *World) do(e *Event, now time.Time) {
	switch {
	case e.Share > 0:
		w.SetShare(float64(e.Share) / 100)
	case e.RollBack:
		w.setCanary(0)
	case e.Scenario != "":
		w.scenario, _ = ScenarioNamed(e.Scenario)
		w.onset, w.putBack = now, 0
	case e.Reload:
		w.router.Reload(now)
	case e.Deploy != nil:
		w.deploy(e.Deploy, now)
	}
	for name, weight := range e.Weights {
		w.router.SetWeight(w.router.Server(name), weight)
	}
	for name, state := range e.State {
		w.router.SetAdmin(w.router.Server(name), admins()[state], now)
	}
}

// SetShare sets the canary's weights so that its share comes nearest to the wanted one, the stable weights staying as they are.
func (w *World) SetShare(share float64) {
	stable := 0
	for _, s := range w.router.servers {
		if s.Track == Stable {
			stable += s.Weight
		}
	}
	weight := 256.
	if share < 1 {
		weight = share / (1 - share) * float64(stable) / float64(w.spec.Canary.Pods)
	}
	w.asked = int(min(256, math.Round(weight)))
	w.setCanary(w.asked)
}

func (w *World) setCanary(weight int) {
	for _, s := range w.router.servers {
		if s.Track == Canary {
			w.router.SetWeight(s, weight)
		}
	}
}

// deploy starts new processes of a track.
func (w *World) deploy(d *Deploy, now time.Time) {
	track, fleet := Stable, &w.spec.Stable
	if d.Track == "canary" {
		track, fleet = Canary, &w.spec.Canary
	}
	if d.Model != nil {
		m := *d.Model
		fleet.Model = m
	}
	m := fleet.Model
	for _, p := range w.pods {
		if p.Track == track {
			p.start(&m, now)
			w.write(&Line{At: now, Cause: Started, Pod: p})
			w.write(&Line{At: now.Add(800 * time.Millisecond), Cause: Ready, Pod: p})
		}
	}
}

// sorted gives the events in time order; equal times keep the order of the file.
func sorted(events []Event) []Event {
	out := slices.Clone(events)
	slices.SortStableFunc(out, func(a, b Event) int { return int(a.At - b.At) })
	return out
}
