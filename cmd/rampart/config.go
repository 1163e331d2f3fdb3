package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/report"
	"rampart/sources"
	"rampart/ui"
)

func newConfig(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use: "config", Short: "Check, show or start a config file", Args: args(cobra.NoArgs),
		Long: `The config is one YAML file. The first of these is read: --config, $RAMPART_CONFIG, ./rampart.yaml,
$XDG_CONFIG_HOME/rampart/config.yaml (~/.config where that is not set), /etc/rampart/config.yaml. Flags win over the
environment (RAMPART_CONTEXT, RAMPART_SERVICE, RAMPART_READ_ONLY), which wins over the file.`,
	}
	asking, without := false, false
	check := &cobra.Command{
		Use: "check [FILE]", Short: "Read the config strictly and say what is wrong with it", Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, given []string) error {
			return g.configCheck(cmd.Context(), given, asking, without)
		},
	}
	check.Flags().BoolVar(&asking, "ask", false, "also ask the servers: does every query mean something, is every limit a bucket's edge, are there logs, can the plane be set, and to every step")
	check.Flags().BoolVar(&without, "no-secrets", false, "read no secret's file and run no secret's command: for a machine that has none of them")
	cmd.AddCommand(
		check,
		&cobra.Command{Use: "show", Short: "Print the config as it was understood, secrets masked", Args: args(cobra.NoArgs), RunE: g.configShow},
		&cobra.Command{Use: "default", Short: "Print a config to start from", Args: args(cobra.NoArgs), RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(g.out, config.Default)
			return err
		}},
		g.newSchema(),
	)
	return cmd
}

// newSchema prints what an editor or a job checks files and documents by. All schemas stand under one name: a job that
// reads documents was set up with the config, and looks there.
func (g *globals) newSchema() *cobra.Command {
	of := "config"
	cmd := &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of the config, or of what a command prints with -o json", Args: args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			b, err := config.Schema()
			if of != "config" {
				b, err = report.Schema(of)
			}
			if err != nil {
				return usage(err)
			}
			_, err = fmt.Fprintf(g.out, "%s\n", b)
			return err
		},
	}
	cmd.Flags().StringVar(&of, "of", of, "config, or one of the documents "+strings.Join(report.Schemas(), ", "))
	return cmd
}

func (g *globals) configCheck(ctx context.Context, given []string, asking, without bool) error {
	name := g.config
	if len(given) == 1 {
		name = given[0]
	}
	path, err := config.Find(name, g.env)
	if err != nil {
		return err
	}
	c, err := config.Load(path)
	if err != nil {
		return usage(err)
	}
	if err := ui.CheckKeys(c.File.Keys); err != nil {
		return usage(fmt.Errorf("config %s: %s", path, sources.Visible(err.Error())))
	}
	if name := c.File.Theme; name != "" {
		if err := ui.CheckTheme(config.Home(name)); err != nil {
			return usage(fmt.Errorf("config %s: %s", path, sources.Visible(err.Error())))
		}
	}
	if !without {
		if ms := c.Unreadable(ctx); len(ms) > 0 {
			return usage(&config.Error{File: path, Mistakes: ms})
		}
	}
	if asking {
		if err := g.configAsk(ctx, c); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(g.out, "%s: good: %s, %s\n", path, config.Count(len(c.File.Contexts), "context", "contexts"), config.Count(len(c.File.Services), "service", "services"))
	return err
}

func (g *globals) configShow(*cobra.Command, []string) error {
	path, err := config.Find(g.config, g.env)
	if err != nil {
		return err
	}
	c, err := config.Load(path)
	if err != nil {
		return usage(err)
	}
	b, err := c.Show()
	if err == nil {
		_, err = fmt.Fprintf(g.out, "# %s\n%s", path, b)
	}
	return err
}
