package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/config"
	"rampart/sources"
)

// streams is what a run may read and write, so that scripts and tests can stand in for a terminal.
type streams struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

// globals are the flags that every subcommand takes.
type globals struct {
	streams
	config   string
	context  string
	service  string
	readOnly bool
}

// run runs one command line and returns its exit code.
func run(ctx context.Context, args []string, s streams) int {
	cmd := newRoot(s)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	code := codeOf(err)
	if err != nil {
		tell(s.err, err)
	}
	return code
}

// tell prints an error once, one line for each mistake; an exit code without text was told already, and that nobody reads
// the output any more is no news to who closed it.
func tell(w io.Writer, err error) {
	var exit *exitError
	if errors.As(err, &exit) && exit.err == nil || unread(err) {
		return
	}
	for line := range strings.Lines(err.Error()) {
		fmt.Fprintf(w, "rampart: %s\n", unfolded(strings.TrimRight(line, "\n")))
	}
}

// unfolded shows what a program said, such as nginx -t, line by line.
func unfolded(visible string) string { return strings.Join(sources.Unfold(visible), "\n  ") }

func newRoot(s streams) *cobra.Command {
	g := &globals{streams: s}
	root := &cobra.Command{
		Use:   "rampart",
		Short: "Is the candidate worse, in what, and how sure are we?",
		Long: "rampart watches a canary ramp: legacy v candidate, from Prometheus and Elasticsearch, and drives the traffic.\n" +
			"Without a subcommand it opens the console, as `rampart watch` does.",
		SilenceUsage: true, SilenceErrors: true, Version: buildOf().Version,
		Args: args(cobra.NoArgs),
	}
	watch := newWatch(g)
	root.RunE = watch.RunE
	root.SetIn(s.in)
	root.SetOut(s.out)
	root.SetErr(s.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	f := root.PersistentFlags()
	f.StringVarP(&g.config, "config", "c", "", "config file (default: searched, see rampart config)")
	f.StringVar(&g.context, "context", s.env("RAMPART_CONTEXT"), "context of the config")
	f.StringVar(&g.service, "service", s.env("RAMPART_SERVICE"), "service of the config")
	f.BoolVar(&g.readOnly, "read-only", s.env("RAMPART_READ_ONLY") != "", "refuse every action")
	root.Flags().AddFlagSet(watch.Flags())
	root.AddCommand(watch, newAttach(g), newDemo(g), newCheck(g), newRamp(g), newRollback(g), newAudit(g), newConfig(g), newDoctor(g), newJudge(g), newProfile(g), newLogs(g), newRun(g), newVersion(g))
	for _, group := range root.Commands() {
		if group.HasSubCommands() && !group.Runnable() {
			group.Args, group.RunE = args(cobra.NoArgs), func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
		}
	}
	return root
}

// load finds and checks the config and chooses context and service.
func (g *globals) load() (*config.Config, config.Chosen, error) {
	path, err := config.Find(g.config, g.env)
	if err != nil {
		return nil, config.Chosen{}, err
	}
	c, err := config.Load(path)
	if err != nil {
		return nil, config.Chosen{}, usage(err)
	}
	x, err := c.Choose(config.Choice{Context: g.context, Service: g.service})
	if err != nil {
		return nil, config.Chosen{}, usage(err)
	}
	return c, x, nil
}
