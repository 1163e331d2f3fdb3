package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/notifier"
	"rampart/cmd/internal/runner/watchdog"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
)

// watchOver is `run --watchdog`: a second process that takes traffic away when the first is gone, for each service whose
// plan says after how long.
func (g *globals) watchOver(ctx context.Context, c *config.Config, x config.Chosen, names []string, f runFlags) error {
	to, err := adapters.Receivers(c, names, g.err)
	if err != nil {
		return usage(err)
	}
	n := notifier.New(notifier.Config{To: adapters.Notifiers(to), Now: time.Now})
	var dogs []*watchdog.Dog
	for _, name := range names {
		plan, err := planOf(c, name, f.plan)
		if err != nil {
			return usage(err)
		}
		if plan.Watchdog == 0 {
			continue
		}
		d, err := g.watchdog(c, x, name, plan.Watchdog, n.Tell)
		if err != nil {
			return err
		}
		dogs = append(dogs, d)
		fmt.Fprintf(g.err, "rampart: watchdog of %s: 0 %% when its runner is gone for %s\n", name, plan.Watchdog)
	}
	if len(dogs) == 0 {
		return usage(errors.New("run --watchdog: no plan here has a watchdog: such as watchdog: 30s"))
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { n.Run(ctx) })
	for _, d := range dogs {
		wg.Go(func() { g.patrol(ctx, d) })
	}
	<-ctx.Done()
	return nil
}

// patrol looks each second. What cannot be done is said when it changes and tried again.
func (g *globals) patrol(ctx context.Context, d *watchdog.Dog) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	said := ""
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		_, err := d.Look(ctx)
		if text := fmt.Sprint(err); text != said && err != nil && ctx.Err() == nil {
			fmt.Fprintf(g.err, "rampart: %v\n", err)
		}
		said = fmt.Sprint(err)
	}
}

// watchdog is the one of a service. It has the plane open only while it acts.
func (g *globals) watchdog(c *config.Config, x config.Chosen, name string, silence time.Duration, tell func(sources.Notice)) (*watchdog.Dog, error) {
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		return nil, err
	}
	j, err := adapters.Journal(g.env, x.Name, time.Now)
	if err != nil {
		return nil, err
	}
	x.Services = []string{name}
	return watchdog.New(watchdog.Config{
		Context: x.Name, Service: name, Silence: silence, Lease: at.Lease(name), Mark: at.Mark(name), Journal: j, Now: time.Now,
		Open: func() (watchdog.Hand, error) {
			s, err := g.planeOnly(c, x)
			if err != nil {
				return nil, err
			}
			return watchdog.Desk{Desk: s.desk, Service: name, Read: s.plane.Read, Done: s.close}, nil
		},
		Tell: func(n sources.Notice) {
			fmt.Fprintf(g.err, "%s rampart: %s: %s\n", stamp(n.At), n.Title, n.Text)
			tell(n)
		},
	})
}
