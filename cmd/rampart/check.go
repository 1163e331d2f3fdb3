package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/engine"
	"rampart/cmd/internal/report"
	"rampart/sources"
)

// checkFlags are how long and how strictly `check` looks.
type checkFlags struct {
	output    string
	until     time.Duration
	since     time.Duration
	accept    string
	candidate string
}

func newCheck(g *globals) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use: "check", Args: args(cobra.NoArgs),
		Short: "The same call by the same engine, as an exit code for a job",
		Long: "check reads the rollout's blocks, prints the call and ends with its exit code:\n" +
			"0 safe, 3 worse, 4 undecided, 5 stale or no data, 8 no candidate traffic, 2 config, 124 nothing answered in time.\n" +
			"A breached guard beside the evidence (max, max_psi) never ends with 0: rollback ends with 3, hold and ask with 4.\n" +
			"With --until it looks on until the call is decided or the time is over; without, until all that the config asks\n" +
			"for was told once, which takes two scrapes where the router's own counters are asked for.",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.check(cmd.Context(), f) },
	}
	cmd.Flags().VarP(outputOf(&f.output, "text", "json"), "output", "o", "text or json (rampart config schema --of check)")
	cmd.Flags().Var(spanOf(&f.until, 0), "until", "look on until decided, or for so long (10m)")
	cmd.Flags().Var(spanOf(&f.since, 0), "since", "judge only the last so long; default: since the rollout's first request")
	cmd.Flags().StringVar(&f.candidate, "candidate", "", "judge this candidate version only: a job that has just deployed waits until it is seen")
	cmd.Flags().StringVar(&f.accept, "accept", "", "undecided: no harm in the time of --until passes; safe: it does not, whatever the config accepts")
	return cmd
}

func (g *globals) check(ctx context.Context, f checkFlags) error {
	if !slices.Contains([]string{"", "safe", "undecided"}, f.accept) {
		return usage(fmt.Errorf("check --accept %q: want safe or undecided", sources.Visible(f.accept)))
	}
	c, x, err := g.load()
	if err != nil {
		return err
	}
	s, err := g.open(c, x, sessionFlags{since: f.since})
	if err != nil {
		return err
	}
	defer s.close()
	last, err := s.observe(ctx, f.until, f.candidate)
	if err != nil {
		return err
	}
	if err := report.Print(g.out, last, f.output); err != nil && !unread(err) {
		return err // who reads the exit code alone has it all the same
	}
	if late := s.late(last); len(late) > 0 {
		fmt.Fprintf(g.err, "rampart: check: not told in time: %s\n", strings.Join(late, ", "))
	}
	if f.candidate != "" && last.Rollout.Candidate.String() != f.candidate {
		return &exitError{exitStale, fmt.Errorf("check: candidate %s was not seen; %s runs", f.candidate, orDash(last.Rollout.Candidate.String()))}
	}
	accept := f.accept == "undecided" || f.accept == "" && s.service.Accept
	return &exitError{code: codeOfVerdict(last.Verdict, accept && f.until > 0)}
}

// answerDeadline bounds how long sources may keep a check without an answer, or with half of one.
const answerDeadline = 45 * time.Second

// observe runs the engine until its call is decided or the asked time is over; without an asked time, until everything
// that the config asks for was told once.
func (s *session) observe(ctx context.Context, until time.Duration, candidate string) (*frame.Frame, error) {
	ctx, cancel := context.WithTimeout(ctx, max(until, answerDeadline))
	defer cancel()
	stop := s.start(ctx)
	defer stop()
	reader := s.engine.Reader()
	began := s.clock.Now()
	var last *frame.Frame
	for {
		f, err := reader.Next(ctx)
		switch {
		case err != nil && last != nil && ctx.Err() == context.DeadlineExceeded:
			return last, nil
		case err != nil:
			return nil, err
		}
		last = f
		awaited := candidate != "" && f.Rollout.Candidate.String() != candidate
		switch {
		case len(f.Waiting) > 0:
		case until > 0 && s.clock.Now().Sub(began) >= until:
			return last, nil
		case len(s.late(f)) == 0 && (until == 0 || decided(f.Verdict) && !awaited):
			return last, nil
		}
	}
}

// late is what a check still waits for. A call that stands whatever comes does not wait for the router's own counters nor
// for log lines, which take two scrapes.
func (s *session) late(f *frame.Frame) []string {
	stands := f.Verdict.Call == analysis.Worse || f.Verdict.Call == analysis.NoCandidateTraffic
	return slices.DeleteFunc(slices.Clone(f.Unread), func(name string) bool {
		return stands && slices.ContainsFunc(s.service.Measures, func(m engine.Measure) bool { return !m.Asked() && m.Name == name })
	})
}

// decided tells verdicts that looking on could not make better. A limit beside the evidence may heal unless it is one to
// roll back at.
func decided(v analysis.Verdict) bool {
	switch v.Call {
	case analysis.Worse, analysis.NoCandidateTraffic:
		return true
	case analysis.Safe:
		return v.Consequence == analysis.DoWarn || v.Consequence == analysis.DoRollBack
	case analysis.Undecided:
		return v.Consequence == analysis.DoRollBack
	case analysis.CallUnknown, analysis.Stale, analysis.NoData:
	}
	return false
}
