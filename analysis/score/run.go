package score

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"rampart/analysis/dossier"
	"rampart/sources"
)

// Output is the form of what [Run] writes.
type Output uint8

// The outputs.
const (
	Table      Output = iota // for people
	JSONLines                // a line per block
	Summarized               // a line per dossier
)

var outputWords = [...]string{"table", "jsonl", "summary"}

// String returns the output's word.
func (o Output) String() string {
	if int(o) < len(outputWords) {
		return outputWords[o]
	}
	return outputWords[0]
}

// ParseOutput reads table, jsonl or summary.
func ParseOutput(s string) (Output, error) {
	for i, w := range outputWords {
		if w == s {
			return Output(i), nil
		}
	}
	return 0, fmt.Errorf("output %q: want table, jsonl or summary", s)
}

// Input is a named stream of dossiers, opened when it is its turn.
type Input struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// BrokenError says how many dossiers could not be judged, or not to their end. The others were.
type BrokenError struct{ Count int }

// Error prints the number.
func (e *BrokenError) Error() string {
	if e.Count == 1 {
		return "judge: 1 dossier is broken"
	}
	return fmt.Sprintf("judge: %d dossiers are broken", e.Count)
}

// Run judges every dossier of the inputs, in order, and writes to out in the form asked for. What is wrong with a dossier
// goes to errw, one line each with file, line and field; in JSON lines it also ends that dossier, in summaries the dossier
// is left out. An input that cannot be opened or read is told in the same way, and the next one is judged. At the end a
// [BrokenError] tells that there were such. Memory does not grow with the input.
func Run(ctx context.Context, form Output, o Options, inputs []Input, out, errw io.Writer) error {
	o.Audit = form != Summarized
	r := &run{form: form, options: o, out: bufio.NewWriterSize(out, 1<<16), errw: errw}
	for _, in := range inputs {
		err := r.input(ctx, in)
		if unread, ok := errors.AsType[*unreadError](err); ok && ctx.Err() == nil {
			err = r.fault(unread.fault)
		}
		if err != nil {
			return errors.Join(err, r.out.Flush())
		}
	}
	if err := r.out.Flush(); err != nil {
		return fmt.Errorf("judge: %w", err)
	}
	if r.broken > 0 {
		return &BrokenError{r.broken}
	}
	return nil
}

// unreadError says that an input could not be opened, or read to its end: the others still are.
type unreadError struct{ fault *dossier.Error }

// Error prints where it ended, and why.
func (e *unreadError) Error() string { return e.fault.Error() }

// Unwrap gives the cause.
func (e *unreadError) Unwrap() error { return e.fault }

type run struct {
	form    Output
	options Options
	out     *bufio.Writer
	errw    io.Writer
	judge   *Judge // of the dossier at hand; nil between dossiers and while one is broken
	line    []byte
	broken  int
}

func (r *run) input(ctx context.Context, in Input) error {
	stream, err := in.Open()
	if err != nil {
		return &unreadError{&dossier.Error{File: in.Name, Line: 1, Cause: err}}
	}
	defer stream.Close()
	reader := dossier.NewReader(in.Name, stream)
	var line dossier.Line
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return fmt.Errorf("judge %s: %w", in.Name, ctx.Err())
		}
		err := reader.Next(&line)
		if errors.Is(err, io.EOF) {
			return r.finish()
		}
		if err == nil {
			err = r.take(in.Name, &line)
		} else if fault, ok := errors.AsType[*dossier.Error](err); ok {
			err = r.fault(fault)
		} else {
			err = &unreadError{&dossier.Error{File: in.Name, Line: n + 1, Cause: err}}
		}
		if err != nil {
			return err
		}
	}
}

func (r *run) take(file string, line *dossier.Line) error {
	switch {
	case line.Header != nil:
		if err := r.finish(); err != nil {
			return err
		}
		judge, err := New(*line.Header, r.options)
		if err != nil {
			return r.fault(&dossier.Error{File: file, Line: line.Number, ID: line.Header.ID, Cause: err})
		}
		r.judge = judge
	case line.Block != nil && r.judge != nil:
		if err := r.judge.Add(line.Block); err != nil {
			return r.fault(&dossier.Error{File: file, Line: line.Number, ID: r.judge.header.ID, Cause: err})
		}
		if r.form == JSONLines {
			r.line = r.judge.AppendLine(r.line[:0])
			return r.write()
		}
	}
	return nil
}

// fault gives the dossier at hand up.
func (r *run) fault(fault *dossier.Error) error {
	if fault.AtHeader {
		if err := r.finish(); err != nil {
			return err
		}
	}
	r.judge = nil
	r.broken++
	if _, err := fmt.Fprintln(r.errw, fault.Error()); err != nil {
		return fmt.Errorf("judge: %w", err)
	}
	switch r.form {
	case JSONLines:
		r.line = dossier.AppendString(append(r.line[:0], `{"id":`...), fault.ID)
		r.line = append(dossier.AppendString(append(r.line, `,"error":`...), fault.Error()), "}\n"...)
		return r.write()
	case Table:
		r.line = fmt.Appendf(r.line[:0], "%s: not judged\n", strings.TrimSpace(sources.Visible(fault.File)+" "+sources.Visible(fault.ID))) // why is told beside
		return r.write()
	case Summarized:
	}
	return nil
}

// finish writes what is known only at a dossier's end.
func (r *run) finish() error {
	judge := r.judge
	if r.judge = nil; judge == nil {
		return nil
	}
	switch r.form {
	case Summarized:
		r.line = judge.Summary().Append(r.line[:0])
		return r.write()
	case Table:
		if err := judge.WriteTable(r.out); err != nil {
			return fmt.Errorf("judge: %w", err)
		}
	case JSONLines:
	}
	return nil
}

func (r *run) write() error {
	if _, err := r.out.Write(r.line); err != nil {
		return fmt.Errorf("judge: %w", err)
	}
	return nil
}
