package engine

import (
	"context"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Alarms tells what an alerting system says of the service.
type Alarms interface {
	Alerting(ctx context.Context) (sources.Alerting, error)
	// Target is where it asks.
	Target() string
}

// How often alerts are asked for, how long one question may take, and how old an alert may be to be worth a tick.
const (
	alertsEvery    = 15 * time.Second
	alertsDeadline = 5 * time.Second
	alertsPast     = 6 * time.Hour
)

// alarms is what is known of alerts. The engine's lock guards it.
type alarms struct {
	health health
	now    sources.Alerting
	seen   map[string]sources.Text // by alert or silence: its tick's words
}

func newAlarms(a Alarms) alarms {
	out := alarms{health: health{name: "alertmanager", state: absentIf(a == nil)}, seen: map[string]sources.Text{}}
	if a != nil {
		out.health.target = a.Target()
	}
	return out
}

// alertsLoop asks for alerts and silences. One that fails is asked again with growing pauses and is in nobody's way.
func (e *Engine) alertsLoop(ctx context.Context) error {
	backoff := sources.Backoff{First: alertsEvery, Most: 2 * time.Minute, Now: e.cfg.Clock.Now}
	for {
		pause, err := alertsEvery, e.readAlerts(ctx)
		if err != nil && ctx.Err() == nil {
			pause = backoff.Failed(err)
			e.mu.Lock()
			now := e.cfg.Clock.Now()
			e.alarms.health.failed(now, err, now.Add(pause))
			e.mu.Unlock()
		} else {
			backoff.Healed()
		}
		e.publish()
		if !e.cfg.Clock.Until(ctx, e.cfg.Clock.Now().Add(pause), nil) {
			return ctx.Err()
		}
	}
}

func (e *Engine) readAlerts(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, alertsDeadline)
	defer cancel()
	began := time.Now()
	got, err := e.cfg.Alarms.Alerting(ctx)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	now := e.cfg.Clock.Now()
	for _, t := range e.alarms.take(got, now) {
		e.tick(t)
	}
	e.alarms.health.ok(now, now, time.Since(began), got.Notes)
	return nil
}

// take replaces what is known and returns what is new. What rampart itself raised is on the charts already, as the call or
// the action that it is about.
func (a *alarms) take(got sources.Alerting, now time.Time) []frame.Tick {
	var out []frame.Tick
	still := map[string]sources.Text{}
	see := func(id string, at time.Time, words sources.Text) {
		still[id] = words
		if _, known := a.seen[id]; !known && now.Sub(at) < alertsPast {
			out = append(out, frame.Tick{At: at, Kind: frame.TickAlert, Text: words})
		}
	}
	for _, x := range got.Alerts {
		if !x.Ours {
			see("alert "+x.ID, x.Since, sources.Textf("alert %s", x.Name))
		}
	}
	for _, s := range got.Silences {
		if !s.From.After(now) {
			see("silence "+s.ID, s.From, sources.Textf("silence by %s: %s", s.By, s.Comment))
		}
	}
	for id, words := range a.seen {
		if _, on := still[id]; !on {
			out = append(out, frame.Tick{At: now, Kind: frame.TickAlert, Text: sources.Textf("%s is over", words)})
		}
	}
	a.now, a.seen = got, still
	return out
}
