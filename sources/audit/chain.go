package audit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"rampart/sources"
)

// chain is a journal as it was at one instant at which nobody wrote.
type chain struct {
	path    string
	before  []segment // full files, oldest first
	open    []*os.File
	file    io.ReaderAt
	size    int64
	close   func() error
	head    link
	headErr error
}

// openBefore opens the full files.
func (c *chain) openBefore() error {
	names, err := segmentsOf(c.path)
	if err != nil {
		return err
	}
	for _, name := range names {
		old, err := os.Open(name)
		if err != nil {
			return err
		}
		c.open = append(c.open, old)
		info, err := old.Stat()
		if err != nil {
			return err
		}
		c.before = append(c.before, segment{filepath.Base(name), old, info.Size()})
	}
	return nil
}

func (c *chain) closeBefore() error {
	var all error
	for _, f := range c.open {
		all = errors.Join(all, f.Close())
	}
	return all
}

// entries reads from the start and checks each line against the one before. It ends with the first error: a *Broken for
// what is wrong with the journal.
func (c *chain) entries(ctx context.Context) iter.Seq2[sources.Entry, error] {
	return func(yield func(sources.Entry, error) bool) {
		l := origin
		for _, s := range append(slices.Clone(c.before), segment{file: c.file, size: c.size}) {
			if !c.read(ctx, s, &l, yield) {
				return
			}
		}
	}
}

// read yields one file's entries behind a link; false: it ended.
func (c *chain) read(ctx context.Context, s segment, l *link, yield func(sources.Entry, error) bool) bool {
	r := bufio.NewReader(io.NewSectionReader(s.file, 0, s.size))
	at := int64(0)
	for line := 1; ; line++ {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(b) == 0 {
			return true
		}
		e, err := l.next(line, b, err)
		if broken, ok := errors.AsType[*Broken](err); ok {
			broken.File, broken.at = s.name, at
		}
		if ctx.Err() != nil {
			err = place("read", c.path, ctx.Err())
		}
		if !yield(e, err) || err != nil {
			return false
		}
		*l, at = link{e.Seq, e.Hash}, at+int64(len(b))
	}
}

// next reads one line that must follow the link.
func (l link) next(line int, b []byte, err error) (sources.Entry, error) {
	if errors.Is(err, io.EOF) {
		return sources.Entry{}, &Broken{Line: line, Reason: fmt.Sprintf("torn: it ends after %d bytes", len(b))}
	}
	if err != nil {
		return sources.Entry{}, err
	}
	e, err := decode(bytes.TrimSuffix(b, []byte("\n")))
	if err == nil {
		err = l.follows(e)
	}
	if err != nil {
		return sources.Entry{}, &Broken{Line: line, Reason: err.Error()}
	}
	return e, nil
}

// Entries yields the entries from a sequence number on. It reads what was there when it began. A broken line ends it
// with ErrInvalid.
func (j *Journal) Entries(ctx context.Context, from uint64) iter.Seq2[sources.Entry, error] {
	return func(yield func(sources.Entry, error) bool) {
		c, err := openChain(ctx, j.path)
		if err != nil {
			yield(sources.Entry{}, err)
			return
		}
		defer func() { _ = c.close() }() // it was only read
		for e, err := range c.entries(ctx) {
			if broken, ok := errors.AsType[*Broken](err); ok {
				err = &sources.Error{Op: "read", Target: j.path, Kind: sources.ErrInvalid, Cause: broken, Fix: Mend}
			}
			if err == nil && e.Seq < from {
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}
