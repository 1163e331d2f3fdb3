package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis/frame"
	"rampart/cmd/internal/logsheet"
)

func newLogsDiff(g *globals) *cobra.Command {
	var output string
	var since time.Duration
	cmd := &cobra.Command{
		Use: "diff", Args: args(cobra.NoArgs), Short: "What the candidate writes more often per request than legacy, or alone",
		Long: "diff compares the log templates of both arms per request, block by block, and ranks them by evidence. It ends with 3\n" +
			"when a template is selected (▲: a healthy rollout shows any with a chance of alpha at most), 0 when none is, and 5\n" +
			"when nothing could be compared.",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.logsDiff(cmd.Context(), output, since) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text, json, jsonl or md")
	cmd.Flags().Var(spanOf(&since, 0), "since", "compare only the last so long; default: since the rollout's first request, half an hour at most")
	return cmd
}

func newLogsReport(g *globals) *cobra.Command {
	var output string
	cmd := &cobra.Command{
		Use: "report", Args: args(cobra.NoArgs), Short: "All that the logs say: patterns, what is new, kinds, volume, sensitive text",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.logsReport(cmd.Context(), output) },
	}
	cmd.Flags().StringVarP(&output, "output", "o", "md", "md or json")
	return cmd
}

func (g *globals) logsDiff(ctx context.Context, output string, since time.Duration) error {
	if err := oneOf("diff", output, "text", "json", "jsonl", "md"); err != nil {
		return err
	}
	f, err := g.compared(ctx, since)
	if err != nil {
		return err
	}
	if err := logsheet.Diff(g.out, f, output); err != nil {
		return err
	}
	switch {
	case f.Logs.DiffBasis.Blocks == 0:
		return &exitError{exitStale, errors.New("logs diff: " + f.Logs.DiffBasis.Why)}
	case slices.ContainsFunc(f.Logs.Diff, func(r frame.DiffRow) bool { return r.Selected }):
		return &exitError{code: exitWorse}
	}
	return nil
}

func (g *globals) logsReport(ctx context.Context, output string) error {
	if err := oneOf("report", output, "md", "json"); err != nil {
		return err
	}
	f, err := g.compared(ctx, 0)
	if err != nil {
		return err
	}
	return logsheet.Report(g.out, f, output)
}

// compared runs the engine until its logs were read and compared as far as their lines have come.
func (g *globals) compared(ctx context.Context, since time.Duration) (*frame.Frame, error) {
	c, x, err := g.load()
	if err != nil {
		return nil, err
	}
	if svc := c.File.Services[x.Services[0]]; svc.Logs == nil || x.Context.Elasticsearch == nil {
		return nil, usage(errors.New("logs: the service has no logs: or the context no elasticsearch: in the config"))
	}
	s, err := g.open(c, x, sessionFlags{since: since})
	if err != nil {
		return nil, err
	}
	defer s.close()
	ctx, cancel := context.WithTimeout(ctx, answerDeadline)
	defer cancel()
	stop := s.start(ctx)
	defer stop()
	reader := s.engine.Reader()
	var last *frame.Frame
	for {
		f, err := reader.Next(ctx)
		switch {
		case err != nil && last != nil && !last.Logs.At.IsZero():
			return last, nil
		case err != nil && last != nil && last.Logs.Err != "":
			return nil, &exitError{exitStale, errors.New("logs: " + last.Logs.Err)}
		case err != nil:
			return nil, err
		}
		if last = f; caughtUp(f) {
			return f, nil
		}
	}
}

// caughtUp tells whether a frame's logs were compared up to now, less what is waited for.
func caughtUp(f *frame.Frame) bool {
	b := f.Logs.DiffBasis
	return b.Blocks > 0 && len(f.Logs.Volume.Legacy) > 0 && f.At.Sub(b.Window.To) <= b.Behind+3*f.Step
}
