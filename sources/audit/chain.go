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
	infos   []os.FileInfo // of the full files and of the one that is written
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
		c.before, c.infos = append(c.before, segment{filepath.Base(name), old, info.Size()}), append(c.infos, info)
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
	p := spot{link: *l}
	goOn := c.readOn(ctx, s, &p, io.Discard, yield)
	*l = p.link
	return goOn
}

// readOn yields one file's entries behind a place, which moves with them, as do the bytes into sum; false: it ended.
func (c *chain) readOn(ctx context.Context, s segment, p *spot, sum io.Writer, yield func(sources.Entry, error) bool) bool {
	r := bufio.NewReader(io.NewSectionReader(s.file, p.at, s.size-p.at))
	for {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(b) == 0 {
			return true
		}
		e, err := p.link.next(p.lines+1, b, err)
		if broken, ok := errors.AsType[*Broken](err); ok {
			broken.File, broken.at = s.name, p.at
		}
		if ctx.Err() != nil {
			err = place("read", c.path, ctx.Err())
		}
		if err == nil {
			*p = spot{p.at + int64(len(b)), p.lines + 1, link{e.Seq, e.Hash}}
			_, _ = sum.Write(b) // a sum takes everything
		}
		if !yield(e, err) || err != nil {
			return false
		}
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
