package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"rampart/sources"
	"rampart/sources/audit"
)

// auditFlags say which part of the journal is shown.
type auditFlags struct {
	output string
	since  time.Duration
	file   string
}

func newAudit(g *globals) *cobra.Command {
	var f auditFlags
	cmd := &cobra.Command{Use: "audit", Short: "Show or verify the journal of actions", Args: args(cobra.NoArgs)}
	show := &cobra.Command{
		Use: "show", Short: "Print the journal's entries, oldest first", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return g.auditShow(cmd.Context(), f) },
	}
	show.Flags().StringVarP(&f.output, "output", "o", "table", "table or json")
	show.Flags().DurationVar(&f.since, "since", 0, "only the last so long")
	verify := &cobra.Command{
		Use: "verify", Short: "Check that no entry was changed, removed or cut off", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return g.auditVerify(cmd.Context(), f) },
	}
	for _, c := range []*cobra.Command{show, verify} {
		c.Flags().StringVar(&f.file, "file", "", "a journal file, instead of the context's")
	}
	cmd.AddCommand(show, verify)
	return cmd
}

// auditFile is the journal of the chosen context.
func (g *globals) auditFile(f auditFlags) (string, error) {
	if f.file != "" {
		return f.file, nil
	}
	_, x, err := g.load()
	if err != nil {
		return "", err
	}
	dir, err := stateDir(g.env)
	return filepath.Join(dir, fileName(x.Name), "audit.jsonl"), err
}

func (g *globals) auditShow(ctx context.Context, f auditFlags) error {
	path, err := g.auditFile(f)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		fmt.Fprintf(g.err, "rampart: no action was recorded yet (%s)\n", path)
		return nil
	}
	j, err := audit.Open(path, time.Now)
	if err != nil {
		return err
	}
	for e, err := range j.Entries(ctx, 0) {
		if err != nil {
			return err
		}
		if f.since > 0 && time.Since(e.Time) > f.since {
			continue
		}
		if f.output == "json" {
			if err := json.NewEncoder(g.out).Encode(e); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(g.out, "%5d %s %-8s %-9s %-10s %s\n", e.Seq, e.Time.UTC().Format(time.RFC3339), e.Kind, e.Verb, sources.Visible(e.Actor), sources.Visible(e.Text))
	}
	return nil
}

func (g *globals) auditVerify(ctx context.Context, f auditFlags) error {
	path, err := g.auditFile(f)
	if err != nil {
		return err
	}
	r, err := audit.Verify(ctx, path)
	if err != nil {
		return err
	}
	if r.Broken != nil {
		return &exitError{exitInternal, fmt.Errorf("audit verify %s: %w", path, r.Broken)}
	}
	_, err = fmt.Fprintf(g.out, "%s: whole: %d entries, head %s\n", path, r.Entries, r.Head)
	return err
}
