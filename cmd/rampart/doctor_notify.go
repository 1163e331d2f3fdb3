package main

import (
	"context"
	"fmt"
	"os/exec"

	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/alertmanager"
)

// examineReceivers says of each receiver whether it could be told. Nothing is sent unless that is asked for: Alertmanager
// is asked whether it is ready; of the others only what is needed to send can be seen.
func (s *session) examineReceivers(ctx context.Context, g *globals, a *ailment, send bool) {
	to, err := g.receivers(s.cfg, []string{s.name})
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
		if err := reach(ctx, r); err != nil {
			a.bad("%s: %s", name, sources.Visible(err.Error()))
			continue
		}
		a.good("%s: %s", name, seenOf(r.conf))
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

// reach looks whether a receiver could be told, and tells it nothing.
func reach(ctx context.Context, r *receiver) error {
	if a, ok := r.Notifier.(*alertmanager.Receiver); ok {
		return a.Ready(ctx)
	}
	if c := r.conf.Command; c != nil {
		_, err := exec.LookPath(c[0])
		return err
	}
	for _, secret := range secretsOf(r.conf) {
		if secret == nil {
			continue
		}
		if _, err := sources.Reveal(ctx, secret, false); err != nil {
			return err
		}
	}
	return nil
}

func secretsOf(n config.Notify) []*config.Secret {
	switch {
	case n.Slack != nil:
		return []*config.Secret{n.Slack.URL}
	case n.Webhook != nil:
		return []*config.Secret{n.Webhook.URL, n.Webhook.Secret, n.Webhook.Bearer}
	}
	return nil
}
