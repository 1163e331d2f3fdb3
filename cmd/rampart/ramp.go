package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rampart/sources"
)

// rampFlags are how a ramp is spoken to without a screen.
type rampFlags struct {
	reason  string
	output  string
	yes     bool
	dryRun  bool
	timeout time.Duration
	within  time.Duration // a change reverts by itself unless it is confirmed
	holds   time.Duration // an approval
}

func newRamp(g *globals) *cobra.Command {
	var f rampFlags
	cmd := &cobra.Command{
		Use: "ramp", Args: args(cobra.NoArgs), Short: "Speak to the ramp that a runner drives",
		Long: "ramp has the palette's verbs for scripts and for hands without a screen. All of them go through the runner (rampart\n" +
			"run). What writes prints the exact commands and what undoes them, asks once, and follows the change until traffic\n" +
			"shows it. Exit: 0 done, 6 refused, 7 sent and not observed, 5 no runner answers.",
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	fl := cmd.PersistentFlags()
	fl.StringVar(&f.reason, "reason", "", "why, for the audit")
	fl.VarP(outputOf(&f.output, "text", "json"), "output", "o", "text or json (rampart config schema --of ramp, or of rollback: what became of it)")
	fl.BoolVar(&f.yes, "yes", false, "do not ask; needed off a terminal")
	fl.BoolVar(&f.dryRun, "dry-run", false, "print what would be done and change nothing")
	fl.Var(spanOf(&f.timeout, time.Minute), "timeout", "how long to follow it")
	cmd.AddCommand(g.rampVerbs(&f)...)
	return cmd
}

// rampVerbs are the palette's verbs by the palette's names.
func (g *globals) rampVerbs(f *rampFlags) []*cobra.Command {
	verb := func(name, short string, v sources.Verb) *cobra.Command {
		return &cobra.Command{Use: name, Args: args(cobra.NoArgs), Short: short, RunE: func(cmd *cobra.Command, _ []string) error {
			return g.rampDo(cmd.Context(), *f, v, 0)
		}}
	}
	limited := func(cmd *cobra.Command) *cobra.Command {
		cmd.Flags().Var(spanOf(&f.within, 0), "confirm-within", "it reverts by itself unless it is confirmed in time")
		return cmd
	}
	return []*cobra.Command{
		{Use: "status", Args: args(cobra.NoArgs), Short: "Where the ramp stands, why it waits, when it ends", RunE: func(cmd *cobra.Command, _ []string) error {
			return g.rampStatus(cmd.Context(), *f)
		}},
		verb("start", "Start the plan from the share as it is", sources.Start),
		verb("stop", "End the ramp; the share stays what it is", sources.Stop),
		verb("hold", "Nobody ramps up until it is resumed", sources.Hold),
		verb("resume", "Go on", sources.Resume),
		limited(verb("step", "Take the plan's next step now", sources.Step)),
		limited(verb("promote", "All traffic to the candidate", sources.Promote)),
		limited(&cobra.Command{Use: "split SHARE", Args: args(cobra.ExactArgs(1)), Short: "Set the candidate's share, such as 5%", RunE: func(cmd *cobra.Command, given []string) error {
			to, err := shareOf(given[0])
			if err != nil {
				return err
			}
			return g.rampDo(cmd.Context(), *f, sources.SetSplit, to)
		}}),
		{Use: "rollback", Args: args(cobra.NoArgs), Short: "All traffic to legacy; the same as rampart rollback", RunE: func(cmd *cobra.Command, _ []string) error {
			return g.rollback(cmd.Context(), rollbackFlags{reason: f.reason, yes: f.yes, dryRun: f.dryRun, timeout: f.timeout, output: f.output})
		}},
		g.newApprove(f),
		{Use: "confirm", Args: args(cobra.NoArgs), Short: "What would revert by itself stays", RunE: func(cmd *cobra.Command, _ []string) error {
			return g.rampConfirm(cmd.Context(), *f)
		}},
		{Use: "unlock DURATION", Args: args(cobra.ExactArgs(1)), Short: "Allow yourself to ramp up for a while, with --reason", RunE: func(cmd *cobra.Command, given []string) error {
			return g.rampUnlock(cmd.Context(), *f, given[0])
		}},
	}
}

func (g *globals) newApprove(f *rampFlags) *cobra.Command {
	cmd := &cobra.Command{Use: "approve SHARE", Args: args(cobra.ExactArgs(1)), Short: "Let this candidate have that share", RunE: func(cmd *cobra.Command, given []string) error {
		to, err := shareOf(given[0])
		if err != nil {
			return err
		}
		return g.rampApprove(cmd.Context(), *f, to)
	}}
	cmd.Flags().Var(spanOf(&f.holds, time.Hour), "for", "how long it holds")
	return cmd
}

func shareOf(text string) (sources.Share, error) {
	to, err := sources.ParseShare(text)
	if err != nil {
		err = usage(fmt.Errorf("ramp: %w", err))
	}
	return to, err
}
