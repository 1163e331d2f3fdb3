package adapters

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync"

	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/alertmanager"
)

// Receiver is one of a service's receivers: it hears of its own service what its config wants.
type Receiver struct {
	sources.Notifier
	service string
	Conf    config.Notify
	say     io.Writer // hears once that it fails, and once that it is well again

	mu   sync.Mutex
	last string // its failure
}

// Name tells receivers of several services apart.
func (r *Receiver) Name() string { return r.service + "/" + r.Notifier.Name() }

// Wants tells whether it is to hear of a notice.
func (r *Receiver) Wants(n sources.Notice) bool { return n.Service == r.service && r.Conf.Wants(n) }

// Notify sends a notice, and says when that begins to fail or is well again.
func (r *Receiver) Notify(ctx context.Context, n sources.Notice) error {
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

// Receivers are who is told of the services; say hears what cannot be told.
func Receivers(c *config.Config, services []string, say io.Writer) ([]*Receiver, error) {
	var out []*Receiver
	for _, service := range services {
		for i, n := range c.File.Services[service].Notify {
			to, err := notifierOf(n)
			if err != nil {
				return nil, fmt.Errorf("services.%s.notify[%d]: %w", service, i, err)
			}
			out = append(out, &Receiver{Notifier: to, service: service, Conf: n, say: say})
		}
	}
	return out, nil
}

// Notifiers are the receivers as the queue takes them.
func Notifiers(to []*Receiver) []sources.Notifier {
	out := make([]sources.Notifier, 0, len(to))
	for _, r := range to {
		out = append(out, r)
	}
	return out
}

// Remind keeps alive what receivers were told and that would else be over by itself; it ends with ctx.
func Remind(ctx context.Context, to []*Receiver) {
	var wg sync.WaitGroup
	for _, r := range to {
		if a, ok := r.Notifier.(*alertmanager.Receiver); ok {
			wg.Go(func() { a.Run(ctx) })
		}
	}
	wg.Wait()
}

// Reach looks whether it could be told, and tells it nothing: Alertmanager is asked whether it is ready; of the others only
// what is needed to send can be seen.
func (r *Receiver) Reach(ctx context.Context) error {
	if a, ok := r.Notifier.(*alertmanager.Receiver); ok {
		return a.Ready(ctx)
	}
	if c := program(r.Conf.Command); c != nil {
		_, err := exec.LookPath(c[0])
		return err
	}
	for _, secret := range secretsOf(r.Conf) {
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
