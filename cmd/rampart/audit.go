package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/statedir"
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
	show.Flags().VarP(outputOf(&f.output, "text", "json"), "output", "o", "text or json (rampart config schema --of audit)")
	show.Flags().Var(spanOf(&f.since, 0), "since", "only the last so long")
	verify := &cobra.Command{
		Use: "verify", Short: "Check that no entry was changed, removed or cut off", Args: args(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return g.auditVerify(cmd.Context(), f) },
	}
	for _, c := range []*cobra.Command{show, verify} {
		c.Flags().StringVar(&f.file, "file", "", "a journal file, instead of the context's")
	}
	mend := &cobra.Command{
		Use: "mend", Short: "Take a broken journal back to its last good entry; what is broken is kept beside it", Args: args(cobra.NoArgs),
		Long: "mend looks for the first place at which the journal is not what was written. All from there on is kept in files\n" +
			"of its own and cut off, and an entry says so for ever. No ramp goes on from what is left: each service's ramp must\n" +
			"be started anew, and what was under way is found out by reading the plane. End the runner first.",
		RunE: func(cmd *cobra.Command, _ []string) error { return g.auditMend(cmd.Context()) },
	}
	cmd.AddCommand(show, verify, mend)
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
	at, err := statedir.For(g.env, x.Name)
	return at.Journal(), err
}

// auditShow prints what can be read, also of a journal that is not what was written, and says where it is not.
func (g *globals) auditShow(ctx context.Context, f auditFlags) error {
	path, err := g.auditFile(f)
	if err != nil {
		return err
	}
	if f.file == "" && unbegun(path) {
		fmt.Fprintf(g.err, "rampart: no action was recorded yet (%s)\n", path)
		return nil
	}
	whole := true
	for line, err := range audit.Salvage(ctx, path) {
		if err != nil {
			return unreadJournal(err)
		}
		if line.Broken != nil {
			whole = false
			fmt.Fprintf(g.err, "rampart: BROKEN %s\n", sources.Visible(line.Broken.Error()))
		}
		if err := f.print(g.out, line, time.Now()); err != nil {
			return err
		}
	}
	if whole {
		return nil
	}
	return &exitError{exitInternal, fmt.Errorf("audit show %s: not what was written, see above (%s)", path, audit.Mend)}
}

// unreadJournal is a journal that could not be read, whatever kept it: nobody refused an action.
func unreadJournal(err error) error {
	if errors.Is(err, sources.ErrDenied) {
		return &exitError{exitStale, err}
	}
	return err
}

// unbegun tells that nothing was ever recorded: a journal that is gone left its head behind.
func unbegun(path string) bool {
	_, err := os.Stat(path)
	_, head := os.Stat(path + ".head")
	return errors.Is(err, fs.ErrNotExist) && errors.Is(head, fs.ErrNotExist)
}

// print prints one line. What a changed line says is shown to people with a mark, and kept from programs, which would
// take it for an entry.
func (f auditFlags) print(w io.Writer, line audit.Line, now time.Time) error {
	e := line.Entry
	if !line.Read || line.Whole && f.since > 0 && now.Sub(e.Time) > f.since {
		return nil
	}
	if f.output == "json" {
		if !line.Whole {
			return nil
		}
		return json.NewEncoder(w).Encode(e)
	}
	mark := ' '
	if !line.Whole {
		mark = '?'
	}
	_, err := fmt.Fprintf(w, "%5d%c%s %-8s %-9s %-10s %s\n", e.Seq, mark, e.Time.UTC().Format(time.RFC3339), sources.Visible(string(e.Kind)),
		sources.Visible(e.Verb), sources.Visible(e.Actor), sources.Visible(e.Text))
	return err
}

func (g *globals) auditVerify(ctx context.Context, f auditFlags) error {
	path, err := g.auditFile(f)
	if err != nil {
		return err
	}
	if f.file == "" && unbegun(path) {
		_, err := fmt.Fprintf(g.out, "%s: no action was recorded yet\n", path)
		return err
	}
	r, err := audit.Verify(ctx, path)
	if err != nil {
		return unreadJournal(err)
	}
	if r.Broken != nil {
		return &exitError{exitInternal, fmt.Errorf("audit verify %s: %w (%s)", path, r.Broken, audit.Mend)}
	}
	for _, m := range r.Mended {
		fmt.Fprintf(g.out, "%s: mended at %s by entry %d: %s\n", path, stamp(m.At), m.Seq, sources.Visible(m.Text))
	}
	if r.Entries == 0 {
		_, err = fmt.Fprintf(g.out, "%s: whole: it has no entry yet\n", path)
		return err
	}
	for _, gap := range r.Gaps {
		fmt.Fprintf(g.out, "%s: a gap, told at %s by entry %d: %s\n", path, stamp(gap.At), gap.Seq, sources.Visible(gap.Text))
	}
	_, err = fmt.Fprintf(g.out, "%s: whole: %d entries, head %s\n", path, r.Entries, r.Head)
	return err
}
