package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis"
	"rampart/analysis/frame"
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
			"With --until it looks on until the call is decided or the time is over.",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.check(cmd.Context(), f) },
	}
	cmd.Flags().StringVarP(&f.output, "output", "o", "table", "table or json")
	cmd.Flags().DurationVar(&f.until, "until", 0, "look on until decided, or for so long (10m)")
	cmd.Flags().DurationVar(&f.since, "since", 0, "judge only the last so long; default: since the rollout's first request")
	cmd.Flags().StringVar(&f.candidate, "candidate", "", "judge this candidate version only: a job that has just deployed waits until it is seen")
	cmd.Flags().StringVar(&f.accept, "accept", "", "undecided: no harm in the asked time passes")
	return cmd
}

func (g *globals) check(ctx context.Context, f checkFlags) error {
	if f.output != "table" && f.output != "json" {
		return usage(errors.New("check --output: want table or json"))
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
	if err := printReport(g.out, last, f.output); err != nil {
		return err
	}
	if f.candidate != "" && last.Rollout.Candidate.String() != f.candidate {
		return &exitError{exitStale, fmt.Errorf("check: candidate %s was not seen; %s runs", f.candidate, orDash(last.Rollout.Candidate.String()))}
	}
	accept := f.accept == "undecided" || s.service.Accept
	return &exitError{code: codeOfCall(last.Verdict.Call, accept && f.until > 0)}
}

// answerDeadline bounds how long a source may keep a check without any answer at all.
const answerDeadline = 45 * time.Second

// observe runs the engine until its call is decided, or for the asked time and at least until the first answer.
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
		if len(f.Waiting) > 0 {
			last = f
			continue
		}
		last = f
		over := s.clock.Now().Sub(began) >= until
		awaited := candidate != "" && f.Rollout.Candidate.String() != candidate
		if decided(f.Verdict.Call) && !awaited || over {
			return last, nil
		}
	}
}

// decided tells calls that looking on could not make better.
func decided(c analysis.Call) bool {
	return c == analysis.Worse || c == analysis.Safe || c == analysis.NoCandidateTraffic
}
