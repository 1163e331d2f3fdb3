package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"rampart/analysis/logtmpl"
	"rampart/sources"
)

func newLogs(g *globals) *cobra.Command {
	cmd := &cobra.Command{Use: "logs", Short: "What log lines say, without a screen", Args: args(cobra.NoArgs)}
	var output string
	templates := &cobra.Command{
		Use: "templates FILE|-", Short: "Mine a plain file's log templates; needs no server", Args: args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error { return g.templates(args[0], output) },
	}
	templates.Flags().VarP(outputOf(&output, "text", "json", "tsv"), "output", "o", "text, json, or tsv: group id, TAB, template for each line in order")
	cmd.AddCommand(newLogsTail(g), newLogsSearch(g), newLogsDiff(g), newLogsReport(g), newLogsPairs(g), templates)
	return cmd
}

// oneOf makes an output format that there is not the caller's mistake.
func oneOf(command, given string, formats ...string) error {
	if slices.Contains(formats, given) {
		return nil
	}
	return usage(fmt.Errorf("logs %s --output %q: want %s", command, sources.Visible(given), strings.Join(formats, ", ")))
}

func (g *globals) templates(name, format string) error {
	if format == "text" {
		format = "table"
	}
	in := io.NopCloser(g.in)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return usage(fmt.Errorf("logs templates %s: %w", sources.Visible(name), bare(err)))
		}
		in = f
		if is, err := f.Stat(); err == nil && is.IsDir() {
			_ = f.Close()
			return usage(fmt.Errorf("logs templates %s: it is a folder: name a file, or - for standard input", sources.Visible(name)))
		}
	}
	defer in.Close()
	return logtmpl.Report(in, format, g.out)
}

// bare is what went wrong with a file without its name, which stands before it already.
func bare(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
