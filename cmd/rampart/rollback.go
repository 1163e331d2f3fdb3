package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/account"
	"rampart/sources"
)

// rollbackFlags are how a rollback without a screen is asked for.
type rollbackFlags struct {
	reason  string
	yes     bool
	dryRun  bool
	timeout time.Duration
	output  string
}

func newRollback(g *globals) *cobra.Command {
	var f rollbackFlags
	cmd := &cobra.Command{
		Use: "rollback", Args: args(cobra.NoArgs),
		Short: "Take the candidate's traffic away and follow it until traffic shows it",
		Long: "rollback needs the traffic plane only: no Prometheus, no Elasticsearch. It prints the exact commands, asks once,\n" +
			"and prints each rung. Exit: 0 observed, 6 refused, 7 sent and not observed, 5 the plane cannot be reached.",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.rollback(cmd.Context(), f) },
	}
	cmd.Flags().VarP(outputOf(&f.output, "text", "json"), "output", "o", "text or json: one document at the end (rampart config schema --of rollback)")
	cmd.Flags().StringVar(&f.reason, "reason", "", "why, for the audit")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask; needed off a terminal")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print what would be sent and change nothing")
	cmd.Flags().Var(spanOf(&f.timeout, time.Minute), "timeout", "how long to follow it")
	return cmd
}

// rollback does it and tells it: rung by rung to people, or as one document to programs, with the rungs beside it on
// standard error.
func (g *globals) rollback(ctx context.Context, f rollbackFlags) error {
	if f.output != "json" {
		return g.rollBack(ctx, f, &account.Deed{})
	}
	d := account.Deed{Version: account.Version, Verb: sources.RollBack.String(), DryRun: f.dryRun}
	told := *g
	told.out = g.err
	err := told.rollBack(ctx, f, &d)
	if err != nil && d.Error == "" {
		d.Error = sources.Visible(err.Error())
	}
	return errors.Join(err, json.NewEncoder(g.out).Encode(d))
}

// rollBack does it and notes in d what was planned and how far it came.
func (g *globals) rollBack(ctx context.Context, f rollbackFlags, d *account.Deed) error {
	c, x, err := g.load()
	if err != nil {
		return err
	}
	d.Context, d.Service = x.Name, x.Services[0]
	s, err := g.planeOnly(c, x)
	if err != nil {
		return err
	}
	if !f.dryRun {
		defer g.copyJournal(c, x, g.say)() // ends after what is recorded last
	}
	defer s.close()
	if caps, err := s.plane.Caps(ctx); err == nil && !caps.Writes {
		return &exitError{exitRefused, fmt.Errorf("rollback %s: %s", s.name, caps.Note)}
	}
	p, err := s.seat.Preview(ctx, sources.Action{Service: s.name, Verb: sources.RollBack, Reason: f.reason})
	if err != nil {
		return g.rollBackUnseen(ctx, c, x, s, f, d, err)
	}
	g.showPlan(s, p, f.dryRun, d)
	if err := s.unplanned(ctx, p, f.dryRun); err != nil || f.dryRun {
		return err
	}
	word, err := g.confirm(ctx, "rollback", f.yes, p.Confirm)
	if err != nil {
		return err
	}
	before := *d
	if done, err := g.rollBackThere(ctx, c, x, s.name, f, d); done && (err != nil || !g.leftOver(ctx, s)) {
		return err
	}
	*d = before
	err = g.follow(ctx, s, p, word, f.timeout)
	all := s.desk.Progress()
	if i := slices.IndexFunc(all, func(q sources.Progress) bool { return q.IntentID == p.ID }); i >= 0 {
		*d = d.Done(all[i], err)
	}
	return err
}

// showPlan prints what a rollback would send and notes it in d. Of a dry run the preview is what was asked for.
func (g *globals) showPlan(s *session, p sources.Preview, dryRun bool, d *account.Deed) {
	to := g.err
	if dryRun {
		to = g.out
	}
	printPreview(to, s.chosen.Name, p)
	dry := d.DryRun
	*d = account.Planned(s.chosen.Name, p)
	d.Service, d.DryRun = s.name, dry
}

// unplanned says why a rollback ends with its preview: it is refused, or a dry run could not see the plane.
func (s *session) unplanned(ctx context.Context, p sources.Preview, dryRun bool) error {
	switch {
	case p.Confirm.Refuse != "":
		if !dryRun { // so that the audit knows who tried
			_, _ = s.seat.Start(ctx, p.ID, p.Confirm.Word)
		}
		return &exitError{exitRefused, errors.New("rollback " + s.name + ": " + p.Confirm.Refuse)}
	case dryRun && !p.Change.From.Known && len(p.Change.Writes) == 0:
		return &exitError{exitStale, fmt.Errorf("rollback %s: the plane cannot be read now", s.name)}
	}
	return nil
}
