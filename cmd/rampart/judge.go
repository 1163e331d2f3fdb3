package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rampart/analysis/score"
	"rampart/analysis/sim"
)

// judgeFlags are how dossiers are judged again.
type judgeFlags struct {
	output   string
	alpha    float64
	whatIf   []string
	simulate string
	runs     int
	seed     uint64
	peers    bool
	given    bool // --alpha was given
}

func newJudge(g *globals) *cobra.Command {
	var f judgeFlags
	cmd := &cobra.Command{
		Use: "judge [FILE|-]...", Short: "Judge dossiers again, offline, with the code that runs live",
		Long: "judge reads dossiers (JSON lines) and prints their calls: a table, one JSON line per block (-o jsonl), or one per\n" +
			"dossier (-o summary). Equal input gives equal bytes. A broken dossier is told with file, line and field, the others\n" +
			"are still judged, and the exit code is 2.\n\n" +
			"--what-if KEY=VALUE changes what it is judged by: alpha, harm_margin, safe_margin, weight (also MEASURE.KEY),\n" +
			"drop=MEASURE, bets=1.5,2,3, caution=1.5. --simulate plays seeded worlds whose truth is known and scores the judge;\n" +
			"with --peers it says what other canary judges would have done in them (scenario peers: those that tell them apart).",
		RunE: func(cmd *cobra.Command, args []string) error {
			f.given = cmd.Flags().Changed("alpha")
			return g.judge(cmd.Context(), f, args)
		},
	}
	cmd.Flags().VarP(outputOf(&f.output, "table", "jsonl", "summary"), "output", "o", "table, jsonl or summary")
	cmd.Flags().Float64Var(&f.alpha, "alpha", 0, "instead of the dossier's")
	cmd.Flags().StringArrayVar(&f.whatIf, "what-if", nil, "KEY=VALUE, may be given again")
	cmd.Flags().StringVar(&f.simulate, "simulate", "", "a scenario's name, or all")
	cmd.Flags().IntVar(&f.runs, "runs", 2000, "with --simulate: runs of each scenario")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "with --simulate: seed of all chance")
	cmd.Flags().BoolVar(&f.peers, "peers", false, "with --simulate: what other canary judges would have done")
	return cmd
}

func (g *globals) judge(ctx context.Context, f judgeFlags, args []string) error {
	if f.simulate != "" {
		if len(args) > 0 {
			return usage(errors.New("judge: --simulate takes no files"))
		}
		return g.simulate(ctx, f)
	}
	if f.peers {
		return usage(errors.New("judge: --peers goes with --simulate"))
	}
	if len(args) == 0 {
		return usage(errors.New("judge: name a dossier file, or - for standard input"))
	}
	form, err := score.ParseOutput(f.output)
	if err != nil {
		return usage(err)
	}
	o, err := f.options()
	if err != nil {
		return usage(err)
	}
	err = score.Run(ctx, form, o, g.inputs(args), g.out, g.err)
	if _, broken := errors.AsType[*score.BrokenError](err); broken { // the caller's mistake, not the program's
		return usage(err)
	}
	return err
}

// simulate scores the judge; a world that there is none of, or no runs, is the caller's mistake.
func (g *globals) simulate(ctx context.Context, f judgeFlags) error {
	if f.runs < 1 {
		return usage(errors.New("judge: --runs: want at least one"))
	}
	play := sim.Run
	if f.peers {
		play = sim.RunPeers
	}
	err := play(ctx, f.simulate, f.runs, f.seed, g.out)
	var unknown *sim.NameError
	if errors.As(err, &unknown) {
		return usage(err)
	}
	return err
}

func (f judgeFlags) options() (score.Options, error) {
	o := score.Options{Alpha: f.alpha}
	if f.given && !(f.alpha > 0 && f.alpha < 1) {
		return o, errors.New("judge --alpha: want a chance above 0 and below 1")
	}
	for _, w := range f.whatIf {
		c, err := score.ParseChange(w)
		if err != nil {
			return o, err
		}
		o.WhatIf = append(o.WhatIf, c)
	}
	return o, nil
}

// inputs opens each file when it is its turn.
func (g *globals) inputs(names []string) []score.Input {
	out := make([]score.Input, len(names))
	for i, name := range names {
		out[i] = score.Input{Name: name, Open: func() (io.ReadCloser, error) { return os.Open(name) }}
		if name == "-" {
			out[i] = score.Input{Name: "standard input", Open: func() (io.ReadCloser, error) { return io.NopCloser(g.in), nil }}
		}
	}
	return out
}
