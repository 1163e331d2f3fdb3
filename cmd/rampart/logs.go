package main

import (
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"rampart/analysis/logtmpl"
)

func newLogs(g *globals) *cobra.Command {
	cmd := &cobra.Command{Use: "logs", Short: "What log lines say, without a screen", Args: args(cobra.NoArgs)}
	var output string
	templates := &cobra.Command{
		Use: "templates FILE|-", Short: "Mine a plain file's log templates; needs no server", Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return g.templates(args[0], output) },
	}
	templates.Flags().StringVarP(&output, "output", "o", "table", "table, json, or tsv: group id, TAB, template for each line in order")
	cmd.AddCommand(templates)
	return cmd
}

func (g *globals) templates(name, format string) error {
	if format != "table" && format != "json" && format != "tsv" {
		return usage(errors.New("logs templates --output: want table, tsv or json"))
	}
	in := io.NopCloser(g.in)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return usage(err)
		}
		in = f
	}
	defer in.Close()
	return logtmpl.Report(in, format, g.out)
}
