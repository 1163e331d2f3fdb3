package adapters

import (
	"os"
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
	return command.New(command.Config{Command: program(n.Command), Environ: os.Environ(), Timeout: limit})
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

// Alarms reads the alerts of a service where they are raised; nil when nothing is read.
func Alarms(list []config.Notify, service string) (engine.Alarms, error) {
	for _, n := range list {
		if a := n.Alertmanager; a != nil && a.Reads() {
			return alertmanager.NewReader(alertmanagerOf(*a, time.Duration(n.Timeout)), a.MatchersOf(service))
		}
	}
	return nil, nil
}
