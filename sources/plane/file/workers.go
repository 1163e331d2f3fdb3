package file

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"rampart/sources"
)

// workers are the processes that nginx's master has, by their ids: true for those that only finish what they began.
type workers map[int]bool

// renewed tells whether all that a master had before a reload take no new connection any more, and others do. A master
// that could not take the file goes on with the workers that it had.
func (now workers) renewed(before workers) bool {
	taking := false
	for id, leaving := range now {
		_, old := before[id]
		if old && !leaving {
			return false
		}
		taking = taking || !old && !leaving
	}
	return taking
}

// leaving counts those that only finish what they began.
func (now workers) leaving() (n int) {
	for _, leaving := range now {
		if leaving {
			n++
		}
	}
	return n
}

// lookEvery is how often the workers are looked at after a reload.
const lookEvery = 20 * time.Millisecond

// reload makes the router load the file and, where the config says how to see it, waits until it did. nginx -s reload
// ends well once the signal was sent: a file that its check took can still be refused, as for an address of another
// server that somebody else has.
func (p *Plane) reload(ctx context.Context) (said sources.Text, proven bool, err error) {
	if len(p.conf.Reload) == 0 {
		return said, false, nil
	}
	before, unseen := p.workers()
	said, err = p.run(ctx, p.conf.Reload)
	switch {
	case err != nil:
		return said, false, fmt.Errorf("%s failed: %w", p.conf.Reload[0], err)
	case p.conf.Format != Nginx:
		return said, true, nil
	case p.conf.PID == "":
		return said, false, nil
	case unseen == nil:
		unseen = p.awaitWorkers(context.WithoutCancel(ctx), before)
	}
	return said, unseen == nil, unseen
}

// awaitWorkers waits until nginx runs new workers, no longer than a command may take.
func (p *Plane) awaitWorkers(ctx context.Context, before workers) error {
	ctx, cancel := context.WithTimeout(ctx, p.await)
	defer cancel()
	every := time.NewTicker(lookEvery)
	defer every.Stop()
	for {
		now, err := p.workers()
		switch {
		case err != nil:
			return err
		case now.renewed(before):
			return nil
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return fmt.Errorf("nginx took the signal and not the file: after %v it still runs with workers %v, its error log says why", p.await, slices.Sorted(maps.Keys(before)))
		}
	}
}

// workers looks at nginx's processes. There are none to look at without the place of its pid.
func (p *Plane) workers() (workers, error) {
	if p.conf.PID == "" {
		return nil, nil
	}
	found, err := p.see(p.conf.PID)
	if err == nil && len(found) == 0 {
		err = errors.New("it has no worker")
	}
	if err != nil {
		return nil, fmt.Errorf("nginx of %s cannot be seen: %w", p.conf.PID, err)
	}
	return found, nil
}
