package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"rampart/analysis/frame"
	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/engine/logbook"
	"rampart/cmd/internal/logsheet"
	"rampart/sources"
)

// linesFlags say which lines are printed.
type linesFlags struct {
	output string
	since  time.Duration
	most   int
	arm    string
	level  string
	fields []string
	follow bool
}

func (f *linesFlags) add(cmd *cobra.Command, since time.Duration, most int) {
	cmd.Flags().StringVarP(&f.output, "output", "o", "text", "text or jsonl")
	cmd.Flags().Var(spanOf(&f.since, since), "since", "how far back")
	cmd.Flags().IntVarP(&f.most, "lines", "n", most, "at most so many lines, the newest")
	cmd.Flags().StringVar(&f.arm, "arm", "", "legacy or candidate; both by default")
	cmd.Flags().StringVar(&f.level, "level", "", "this level and graver: debug, info, warn, error")
	cmd.Flags().StringSliceVar(&f.fields, "fields", nil, "fields to print beside the message, by their dotted names")
}

func newLogsTail(g *globals) *cobra.Command {
	var f linesFlags
	cmd := &cobra.Command{
		Use: "tail [FILTER]...", Short: "The newest lines of both arms, masked; -f goes on",
		Long: "tail prints the newest lines of both arms, sensitive text masked, as the config's logs.show chooses them. Filters are\n" +
			"those of the console: text, !not, /regexp/, field:value, level:error, arm:candidate; all must hold.\n" +
			"It ends with 0, 5 when no line matched or the source cannot be read, 2 for a wrong filter.",
		RunE: func(cmd *cobra.Command, args []string) error { return g.lines(cmd.Context(), "tail", f, args) },
	}
	f.add(cmd, 5*time.Minute, 100)
	cmd.Flags().BoolVarP(&f.follow, "follow", "f", false, "go on until interrupted")
	return cmd
}

func newLogsSearch(g *globals) *cobra.Command {
	var f linesFlags
	cmd := &cobra.Command{
		Use: "search FILTER...", Short: "All lines of a time that match, masked", Args: args(cobra.MinimumNArgs(1)),
		Long: "search looks at every line of the time, none is left out by a sample, and prints those that match every filter: text,\n" +
			"!not, /regexp/, field:value, level:error, arm:candidate. Elasticsearch looks for arms, levels, fields and words; what\n" +
			"it cannot look for (a regexp, !text) is compared here and named. It ends with 0 when there are any lines, 5 when\n" +
			"there are none.",
		RunE: func(cmd *cobra.Command, args []string) error { return g.lines(cmd.Context(), "search", f, args) },
	}
	f.add(cmd, 15*time.Minute, 1000)
	return cmd
}

// query is what the flags ask for.
func (f linesFlags) query(command string, terms []string) (frame.LogsQuery, error) {
	q := frame.LogsQuery{Terms: terms, Fields: f.fields}
	if err := oneOf(command, f.output, "text", "jsonl"); err != nil {
		return q, err
	}
	if f.since <= 0 || f.most <= 0 {
		return q, usage(fmt.Errorf("logs %s: --since and --lines want more than 0", command))
	}
	if err := q.Arm.UnmarshalText([]byte(f.arm)); err != nil {
		return q, usage(fmt.Errorf("logs %s --%w", command, err))
	}
	if f.level == "" {
		return q, nil
	}
	if q.Level = levelOf(f.level); q.Level == sources.LevelUnknown && f.level != q.Level.String() {
		return q, usage(fmt.Errorf("logs %s --level %q: want debug, info, warn or error", command, sources.Visible(f.level)))
	}
	return q, nil
}

// lines prints lines: those of the past in the order of their time, then those that come.
func (g *globals) lines(ctx context.Context, command string, f linesFlags, terms []string) error {
	q, err := f.query(command, terms)
	if err != nil {
		return err
	}
	t, err := g.tailOf(command == "search", f.since)
	if err != nil {
		return err
	}
	if _, err := t.book.Show(sources.Page{}, q); err != nil {
		return usage(fmt.Errorf("logs %s: %w", command, err))
	}
	r := newest{most: f.most}
	searched := false
	if command == "search" {
		searched, err = t.search(ctx, q, &r)
	}
	if !searched {
		r, err = t.past(ctx, q, f.most)
	}
	if werr := logsheet.Lines(g.out, r.sorted(), f.output); werr != nil {
		return werr
	}
	switch {
	case f.follow:
		return g.followLines(ctx, t, q, f, err)
	case err != nil:
		return err
	case r.matched == 0:
		return &exitError{exitStale, fmt.Errorf("logs %s: no line matched in %v%s", command, f.since, r.compared())}
	}
	fmt.Fprintf(g.err, "rampart: %d lines matched%s, %d shown%s\n", r.matched, r.compared(), min(r.matched, f.most), t.left())
	return nil
}

// past reads the tail's lines of the past, in whatever order they come.
func (t *tailing) past(ctx context.Context, q frame.LogsQuery, most int) (newest, error) {
	r := newest{most: most}
	t.query.Arms, t.query.Levels, r.here = asked(q)
	err := t.read(ctx, func(p sources.Page) error {
		got, err := t.book.Show(p, q)
		r.take(got, len(p.Lines))
		return err
	})
	return r, err
}

// followLines prints lines as they come, each once, until it is interrupted, which is how it ends well.
func (g *globals) followLines(ctx context.Context, t *tailing, q frame.LogsQuery, f linesFlags, err error) error {
	const every = 2 * time.Second
	backoff := sources.Backoff{First: every, Most: 30 * time.Second, Now: time.Now}
	for {
		pause := every
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			pause = backoff.Failed(err)
			fmt.Fprintf(g.err, "rampart: logs tail: %s: asked again in %v\n", sources.Visible(err.Error()), pause.Round(time.Second))
		} else {
			backoff.Healed()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		var broken error
		err = t.read(ctx, func(p sources.Page) error {
			got, err := t.book.Show(p, q)
			if err == nil {
				broken = logsheet.Lines(g.out, got, f.output)
			}
			return errors.Join(err, broken)
		})
		if broken != nil {
			return broken
		}
	}
}

// tailing is a tail without an engine: it needs the log source alone.
type tailing struct {
	src    sources.Logs
	book   *logbook.Book
	query  sources.LogQuery
	cursor sources.Cursor
	since  time.Duration
	sample string
	missed int64
}

// tailOf opens the log source of the chosen service.
func (g *globals) tailOf(all bool, since time.Duration) (*tailing, error) {
	c, x, err := g.load()
	if err != nil {
		return nil, err
	}
	svc := c.File.Services[x.Services[0]]
	src, settings, err := adapters.Logs(x.Context, svc, time.Now)
	switch {
	case err != nil:
		return nil, usage(err)
	case src == nil:
		return nil, usage(fmt.Errorf("logs: service %s of context %s has no logs: or no elasticsearch: in the config", x.Services[0], x.Name))
	}
	book, err := logbook.New(logbook.Config{Bytes: settings.Bytes, Catalog: settings.Catalog, Mask: settings.Mask})
	if err != nil {
		return nil, usage(err)
	}
	return &tailing{src: src, book: book, query: sources.LogQuery{All: all || settings.All}, since: since}, nil
}

// read hands over the pages that became readable since it was called last. What it hands over is good although an error
// says that more should be there.
func (t *tailing) read(ctx context.Context, each func(sources.Page) error) error {
	now := time.Now()
	t.book.Place(now)
	if t.query.Window.From.IsZero() {
		t.query.Window.From = now.Add(-t.since)
	}
	t.query.Window.To = now
	for {
		page, err := t.src.Tail(ctx, t.query, t.cursor)
		if page.Next.State != nil {
			t.cursor = page.Next
		}
		t.sample, t.missed = page.Sample, t.missed+page.Skipped
		if errs := errors.Join(each(page), err); errs != nil || !page.More {
			return errs
		}
	}
}

// left says what was not read.
func (t *tailing) left() string {
	text := ""
	if t.sample != "" {
		text = ", " + t.sample
	}
	if t.missed > 0 {
		text += fmt.Sprintf(", %d lines left out", t.missed)
	}
	return text
}
