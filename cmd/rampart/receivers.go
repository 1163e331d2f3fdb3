package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
	"rampart/sources"
	"rampart/sources/alertmanager"
	"rampart/sources/notify/command"
	"rampart/sources/notify/slack"
	"rampart/sources/notify/webhook"
	"rampart/sources/road"
)

// receiver is one of a service's receivers: it hears of its own service what its config wants.
type receiver struct {
	sources.Notifier
	service string
	conf    config.Notify
	say     io.Writer // hears once that it fails, and once that it is well again

	mu   sync.Mutex
	last string // its failure
}

// Name tells receivers of several services apart.
func (r *receiver) Name() string { return r.service + "/" + r.Notifier.Name() }

// Wants tells whether it is to hear of a notice.
func (r *receiver) Wants(n sources.Notice) bool { return n.Service == r.service && r.conf.Wants(n) }

// Notify sends a notice, and says when that begins to fail or is well again.
func (r *receiver) Notify(ctx context.Context, n sources.Notice) error {
	err := r.Notifier.Notify(ctx, n)
	now := ""
	if err != nil {
		now = sources.Visible(err.Error())
	}
	r.mu.Lock()
	was := r.last
	r.last = now
	r.mu.Unlock()
	switch now {
	case was:
	case "":
		fmt.Fprintf(r.say, "rampart: %s is told again\n", r.Name())
	default:
		fmt.Fprintf(r.say, "rampart: %s could not be told: %s\n", r.Name(), now)
	}
	return err
}

// receivers are who is told of the services.
func (g *globals) receivers(c *config.Config, services []string) ([]*receiver, error) {
	var out []*receiver
	for _, service := range services {
		for i, n := range c.File.Services[service].Notify {
			to, err := notifierOf(n)
			if err != nil {
				return nil, fmt.Errorf("services.%s.notify[%d]: %w", service, i, err)
			}
			out = append(out, &receiver{Notifier: to, service: service, conf: n, say: g.err})
		}
	}
	return out, nil
}

// notifiers are the receivers as the queue takes them.
func notifiers(to []*receiver) []sources.Notifier {
	out := make([]sources.Notifier, 0, len(to))
	for _, r := range to {
		out = append(out, r)
	}
	return out
}

// remind keeps alive what receivers were told and that would else be over by itself; it ends with ctx.
func remind(ctx context.Context, to []*receiver) {
	var wg sync.WaitGroup
	for _, r := range to {
		if a, ok := r.Notifier.(*alertmanager.Receiver); ok {
			wg.Go(func() { a.Run(ctx) })
		}
	}
	wg.Wait()
}

// notifierOf makes the adapter of one item of the config's list.
func notifierOf(n config.Notify) (sources.Notifier, error) {
	limit := time.Duration(n.Timeout)
	switch {
	case n.Slack != nil:
		return slack.New(slack.Config{URL: n.Slack.URL, TLS: trustOf(n.Slack.TLS), Timeout: limit})
	case n.Webhook != nil:
		return hookOf(*n.Webhook, limit)
	case n.Alertmanager != nil:
		return alertmanager.New(alertmanagerOf(*n.Alertmanager, limit))
	}
	return command.New(command.Config{Command: n.Command, Environ: os.Environ(), Timeout: limit})
}

func hookOf(h config.NoticeHook, limit time.Duration) (*webhook.Receiver, error) {
	w := webhook.Config{URL: h.URL, TLS: trustOf(h.TLS), Timeout: limit, Now: time.Now}
	if h.Secret != nil { // a nil *Secret is no nil sources.Secret
		w.Secret = h.Secret
	}
	if h.Bearer != nil {
		w.Bearer = h.Bearer
	}
	return webhook.New(w)
}

func alertmanagerOf(a config.Alertmanager, limit time.Duration) alertmanager.Config {
	c := alertmanager.Config{
		URL: a.URL.Value, TLS: trustOf(a.TLS), Basic: basicOf(a.Basic), Timeout: limit, Repeat: time.Duration(a.Repeat), Labels: a.Labels, Now: time.Now,
	}
	if a.Bearer != nil {
		c.Bearer = a.Bearer
	}
	return c
}

func trustOf(t *config.TLS) road.Trust {
	if t == nil {
		return road.Trust{}
	}
	return road.Trust{CA: config.Home(t.CA), Cert: config.Home(t.Cert), Key: config.Home(t.Key), ServerName: t.ServerName, Insecure: t.Insecure}
}

func basicOf(b *config.Basic) *road.Basic {
	if b == nil {
		return nil
	}
	return &road.Basic{Username: b.Username.Value, Password: b.Password}
}

// alarmsOf reads the alerts of a service where they are raised; nil when nothing is read.
func alarmsOf(list []config.Notify, service string) (engine.Alarms, error) {
	for _, n := range list {
		if a := n.Alertmanager; a != nil && a.Reads() {
			return alertmanager.NewReader(alertmanagerOf(*a, time.Duration(n.Timeout)), a.MatchersOf(service))
		}
	}
	return nil, nil
}
