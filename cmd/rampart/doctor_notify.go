package main

import (
	"context"
	"fmt"

	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/sources"
)

// examineReceivers says of each receiver whether it could be told. Nothing is sent unless that is asked for.
func (s *session) examineReceivers(ctx context.Context, g *globals, a *ailment, send bool) {
	to, err := adapters.Receivers(s.cfg, []string{s.name}, g.err)
	a.about("notify")
	if err != nil {
		a.bad("%s", sources.Visible(err.Error()))
		return
	}
	if len(to) == 0 {
		a.note("nobody is told: notify: names nobody for %s", s.name)
	}
	for i, r := range to {
		name := r.Notifier.Name()
		if err := r.Reach(ctx); err != nil {
			a.bad("%s: %s", name, sources.Visible(err.Error()))
			continue
		}
		a.good("%s: %s", name, seenOf(r.Conf))
		if !send {
			continue
		}
		n := sources.Notice{
			Key: fmt.Sprintf("%s/%s/test/%d", s.chosen.Name, s.name, i), At: s.clock.Now(), Context: s.chosen.Name, Service: s.name, Kind: sources.NoticeAction,
			Title: s.name + ": a test notice from rampart doctor", Text: "sent by " + sources.Visible(s.actor.Name) + "; nothing happened",
		}
		if err := r.Notifier.Notify(ctx, n); err != nil {
			a.bad("%s: test notice: %s", name, sources.Visible(err.Error()))
			continue
		}
		a.good("%s: took a test notice", name)
	}
}

// seenOf is what could be seen without sending anything.
func seenOf(n config.Notify) string {
	switch {
	case n.Alertmanager != nil:
		return "ready"
	case n.Command != nil:
		return "the program is there"
	}
	return "its secrets can be read (doctor --notify sends a test)"
}
