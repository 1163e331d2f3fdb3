package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rampart/sources"
)

// rollbackFlags are how a rollback without a screen is asked for.
type rollbackFlags struct {
	reason  string
	yes     bool
	dryRun  bool
	timeout time.Duration
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
	cmd.Flags().StringVar(&f.reason, "reason", "", "why, for the audit")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask; needed off a terminal")
	cmd.Flags().BoolVar(&f.dryRun, "dry-run", false, "print what would be sent and change nothing")
	cmd.Flags().DurationVar(&f.timeout, "timeout", time.Minute, "how long to follow it")
	return cmd
}

func (g *globals) rollback(ctx context.Context, f rollbackFlags) error {
	c, x, err := g.load()
	if err != nil {
		return err
	}
	x.Context.Prometheus, x.Context.Elasticsearch = nil, nil
	s, err := g.open(c, x, sessionFlags{})
	if err != nil {
		return err
	}
	defer s.close()
	if s.seat == nil {
		return usage(fmt.Errorf("rollback %s: the service has no traffic plane in %s", s.name, c.Path))
	}
	if caps, err := s.plane.Caps(ctx); err == nil && !caps.Writes {
		return &exitError{exitRefused, fmt.Errorf("rollback %s: %s", s.name, caps.Note)}
	}
	p, err := s.seat.Preview(ctx, sources.Action{Service: s.name, Verb: sources.RollBack, Reason: f.reason})
	if err != nil {
		return err
	}
	to := g.err
	if f.dryRun { // the preview is what was asked for
		to = g.out
	}
	printPreview(to, x.Name, p)
	if p.Confirm.Refuse != "" {
		return &exitError{exitRefused, errors.New("rollback " + s.name + ": " + p.Confirm.Refuse)}
	}
	if f.dryRun && !p.Change.From.Known && len(p.Change.Writes) == 0 {
		return &exitError{exitStale, fmt.Errorf("rollback %s: the plane cannot be read now", s.name)}
	}
	if f.dryRun {
		return nil
	}
	word, err := g.confirm(f, p)
	if err != nil {
		return err
	}
	return g.follow(ctx, s, p, word, f.timeout)
}

// confirm asks once; off a terminal only --yes goes on.
func (g *globals) confirm(f rollbackFlags, p sources.Preview) (string, error) {
	if f.yes {
		return p.Confirm.Word, nil
	}
	if !isTerminal(g.in) {
		return "", usage(errors.New("rollback: not a terminal: say --yes to go on, or --dry-run to look"))
	}
	ask := "roll back? y/N "
	if p.Confirm.Word != "" {
		ask = fmt.Sprintf("%s; type %s to go on: ", p.Confirm.Why, p.Confirm.Word)
	}
	fmt.Fprint(g.err, ask)
	line, err := bufio.NewReader(g.in).ReadString('\n')
	if err != nil && line == "" {
		return "", &exitError{exitRefused, errors.New("rollback: no answer: nothing was done")}
	}
	answer := strings.TrimSpace(line)
	if p.Confirm.Word == "" && (answer == "y" || answer == "yes") || p.Confirm.Word != "" && answer == p.Confirm.Word {
		return p.Confirm.Word, nil
	}
	return "", &exitError{exitRefused, errors.New("rollback: not confirmed: nothing was done")}
}

// follow does it and prints each rung as it is reached. Its caller may be interrupted; the desk goes on until the
// change is read back.
func (g *globals) follow(ctx context.Context, s *session, p sources.Preview, word string, timeout time.Duration) error {
	track, err := s.seat.Start(ctx, p.ID, word)
	if err != nil {
		return err
	}
	deadline := time.NewTimer(timeout)
	defer deadline.Stop()
	printed, alarm := 0, ""
	for {
		changed := s.desk.Changed()
		pr := track.Progress()
		for _, r := range pr.Rungs[printed:] {
			if r.Rung < sources.Configured && len(pr.Change.Writes) == 0 {
				continue // nothing was to be written, so nothing was sent
			}
			fmt.Fprintf(g.out, "%s %-10s %s\n", r.At.UTC().Format(time.TimeOnly), r.Rung, rungText(r.Rung, pr))
		}
		printed = len(pr.Rungs)
		if pr.Alarm != alarm && pr.Alarm != "" {
			fmt.Fprintf(g.err, "rampart: %s (%s)\n", pr.Alarm, pr.Next)
		}
		alarm = pr.Alarm
		switch {
		case pr.Rung >= sources.Observed:
			return nil
		case pr.Done && pr.Err != nil:
			return pr.Err
		case pr.Done:
			return s.unobserved(pr)
		}
		select {
		case <-changed:
		case <-deadline.C:
			return s.unobserved(pr)
		case <-ctx.Done():
			return s.unobserved(pr)
		}
	}
}

// unobserved tells what is known of a rollback that traffic does not show: nothing was sent, or its outcome is open.
// What was sent is read back before the process ends; what never reached the plane is not tried for longer than asked.
func (s *session) unobserved(p sources.Progress) error {
	if p.Rung == sources.RungNone && len(p.Members) == 0 {
		s.patience = unsentDeadline
		return &exitError{exitStale, fmt.Errorf("rollback %s: nothing was sent; %s", s.name, p.Next)}
	}
	return &exitError{exitUnknown, fmt.Errorf("rollback %s: %s, not observed in traffic; look again with: rampart rollback --dry-run", s.name, p.Rung)}
}

func rungText(r sources.Rung, p sources.Progress) string {
	switch r {
	case sources.Sent, sources.Accepted, sources.RungNone:
		return fmt.Sprintf("%d of %d writes", len(p.Members), len(p.Change.Writes))
	case sources.Configured, sources.Effective:
		return "candidate at " + p.Change.To.String()
	case sources.Observed:
		return fmt.Sprintf("the candidate got %d of %d requests since", p.Requests.Candidate, p.Requests.Candidate+p.Requests.Legacy)
	}
	return ""
}
