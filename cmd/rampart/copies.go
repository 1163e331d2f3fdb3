package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
	"rampart/sources/audit"
)

// say tells whoever started this process something that ends nothing.
func (g *globals) say(text string) { fmt.Fprintf(g.err, "rampart: %s\n", text) }

// copyJournal sends what a context's journal takes from now on to those who are to have a copy, until the returned
// function is called. That it cannot is said, and stops nothing.
func (g *globals) copyJournal(c *config.Config, x config.Chosen, say func(string)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	to, err := adapters.Copies(c.File.Audit)
	if err != nil {
		say(sources.Visible(err.Error()))
	}
	at, err := statedir.For(g.env, x.Name)
	if err != nil {
		to = nil // there is no journal, which is said elsewhere
	}
	for _, r := range to {
		copier, err := audit.NewCopier(audit.CopierConfig{Path: at.Journal(), To: r, Now: time.Now, Say: say})
		if err != nil {
			say(sources.Visible(err.Error()))
			continue
		}
		wg.Go(func() { copier.Run(ctx) })
	}
	return func() { cancel(); wg.Wait() }
}

// examineCopies says of each receiver of the journal's lines whether it is there, and how far it came.
func (s *session) examineCopies(ctx context.Context, a *ailment) {
	to, err := adapters.Copies(s.cfg.File.Audit)
	if err != nil {
		a.bad("%s", sources.Visible(err.Error()))
		return
	}
	for _, r := range to {
		if err := r.Reach(ctx); err != nil {
			a.bad("copy to %s: %s", r.Name(), sources.Visible(err.Error()))
			continue
		}
		behind, known, err := audit.Behind(s.journal.Path(), r.Name())
		switch {
		case err != nil:
			a.bad("copy to %s: %s", r.Name(), sources.Visible(err.Error()))
		case !known:
			a.good("copy to %s: there; it gets what is recorded once rampart runs", r.Name())
		default:
			a.good("copy to %s: there, %s behind", r.Name(), config.Count(int(behind), "entry", "entries"))
		}
	}
}
