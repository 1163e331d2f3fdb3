package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"rampart/analysis/frame"
	"rampart/cmd/internal/export"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
	"rampart/ui"
)

// asks writes the masked lines of a window that a question asks for.
type asks func(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error)

// exporter writes log lines under the state folder: CONTEXT/exports/SERVICE-TIME.jsonl, for nobody else to read. Lines
// are masked whatever the screen shows: a file is passed on.
func exporter(env func(string) string, lines asks) ui.Export {
	return func(ctx context.Context, f *frame.Frame, q frame.LogsQuery, w sources.Window) (string, int, error) {
		at, err := statedir.For(env, f.Context)
		if err != nil {
			return "", 0, err
		}
		return export.File(at.Folder("exports"), statedir.FileName(f.Service)+"-"+f.At.UTC().Format("20060102T150405Z"), export.HeadOf(f, q, w), func(out io.Writer) (int, error) {
			return lines(ctx, q, w, out)
		})
	}
}

// keeper writes what is too long for a clipboard into the folder of the context that is shown.
func keeper(env func(string) string, context func() string, now func() time.Time) ui.Keep {
	return func(text string) (string, error) {
		at, err := statedir.For(env, context())
		if err != nil {
			return "", fmt.Errorf("copy: %w", err)
		}
		f, err := export.Private(at.Folder("copies"), now().UTC().Format("20060102T150405Z"), ".txt")
		if err != nil {
			return "", fmt.Errorf("copy: %w", err)
		}
		_, err = f.WriteString(text + "\n")
		if shut := f.Close(); err == nil {
			err = shut
		}
		return f.Name(), err
	}
}
