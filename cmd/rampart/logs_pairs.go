package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/cmd/internal/logsheet"
)

func newLogsPairs(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "pairs", Args: args(cobra.NoArgs), Short: "What log lines say of predictions: answers to the same request, checks, labels",
		Long: "pairs joins both arms' answers to the same request (logs.pairs in the config), checks the fields of predictions, and\n" +
			"joins labels that came later. It ends with 3 when a check is broken beyond its limit or the paired evidence says that\n" +
			"the candidate is slower, 0 when not, and 5 when no line told a prediction.",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.logsPairs(cmd.Context(), output) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or jsonl: a line for each finding and each of the worst pairs")
	return cmd
}

func (g *globals) logsPairs(ctx context.Context, output string) error {
	if err := oneOf("pairs", output, "text", "jsonl"); err != nil {
		return err
	}
	f, err := g.compared(ctx, 0)
	if err != nil {
		return err
	}
	if !f.Said.Asked {
		return usage(errors.New("logs pairs: the service has no predictions:, pairs: or interleaving: under logs: in the config"))
	}
	if err := logsheet.Pairs(g.out, f, output); err != nil {
		return err
	}
	return pairsCode(f)
}

// pairsCode is 5 when nothing was read, 3 when the evidence or a limit speaks against the candidate.
func pairsCode(f *frame.Frame) error {
	s := f.Said
	if s.Lines.Legacy+s.Lines.Candidate == 0 && s.Teams.Impressions.Legacy+s.Teams.Impressions.Candidate == 0 {
		return &exitError{exitStale, errors.New("logs pairs: no line told a prediction")}
	}
	for _, c := range s.Checks {
		if c.Mark == analysis.MarkWorse || c.Mark == analysis.MarkWarn {
			return &exitError{code: exitWorse}
		}
	}
	if alpha := f.Verdict.Evidence.Alpha; alpha > 0 && s.Pairs.Slower.Known && s.Pairs.Slower.V >= 1/alpha {
		return &exitError{code: exitWorse}
	}
	return nil
}
