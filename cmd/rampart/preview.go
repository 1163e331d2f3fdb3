package main

import (
	"fmt"
	"io"

	"rampart/sources"
)

// printPreview says exactly what would be sent, and what it would do.
func printPreview(w io.Writer, context string, p sources.Preview) {
	if p.Action.Verb != sources.RollBack && !p.Change.From.Known && len(p.Change.Writes) == 0 { // nothing is written by it
		fmt.Fprintf(w, "%s %s in context %s\n", subcommand(p.Action.Verb), sources.Visible(p.Action.Service), context)
		printWarnings(w, p)
		return
	}
	fmt.Fprintf(w, "%s %s in context %s: candidate %s → %s\n", subcommand(p.Action.Verb), sources.Visible(p.Action.Service), context, p.Change.From, p.Change.To)
	if p.Replan != "" {
		fmt.Fprintf(w, "  changed since: %s\n", p.Replan)
	}
	for _, c := range p.Change.Writes {
		fmt.Fprintf(w, "  %s: %s\n", c.Member, c.Request)
	}
	if p.Change.NoOp {
		fmt.Fprintf(w, "  the candidate has %s already: nothing is written, it is read back and traffic is watched\n", p.Change.To)
	}
	for _, a := range sources.Arms() {
		up := p.Servers.Of(a)
		line := fmt.Sprintf("  %s: its servers are not known", a)
		if up[1] > 0 {
			line = fmt.Sprintf("  %s: %d of %d servers up", a, up[0], up[1])
		}
		if a == sources.Candidate && p.Change.Readies > 0 {
			line += fmt.Sprintf(" (%d drained by our rollback will be made ready)", p.Change.Readies)
		}
		if r := p.Rates.Of(a); r.Known {
			line += fmt.Sprintf(", %.3g → %.3g rq/s each", r.Before, r.After)
		}
		fmt.Fprintln(w, line)
	}
	printWarnings(w, p)
	switch {
	case !p.Change.Moves():
		fmt.Fprintln(w, "  nothing to undo: its share stays as it is")
	case p.Change.Inverse != nil:
		fmt.Fprintf(w, "  to undo: set the candidate to %s\n", p.Change.Inverse.To)
	}
}

func printWarnings(w io.Writer, p sources.Preview) {
	for _, n := range p.Warnings {
		fmt.Fprintf(w, "  %s: %s\n", n.Kind, n.Text)
	}
}

// subcommand is a verb as it is typed: what is written down as set_split is asked for as `ramp split`.
func subcommand(v sources.Verb) string {
	if v == sources.SetSplit {
		return "split"
	}
	return v.String()
}
