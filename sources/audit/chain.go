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
	"syscall"

	"rampart/sources"
)

// chain is a journal as it was at one instant at which nobody wrote.
type chain struct {
	path    string
	file    io.ReaderAt
	size    int64
	close   func() error
	head    link
	headErr error
}

// openChain takes the lock only as long as it needs to see the file's length and the head together.
func openChain(ctx context.Context, path string) (*chain, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, place("read", path, err)
	}
	c := &chain{path: path, file: f, close: f.Close}
	if err := lock(ctx, f, syscall.LOCK_SH); err != nil {
		f.Close()
		return nil, place("lock", path, err)
	}
	c.head, c.headErr = readHead(path)
	info, err := f.Stat()
	if err = errors.Join(err, syscall.Flock(int(f.Fd()), syscall.LOCK_UN)); err != nil {
		f.Close()
		return nil, place("read", path, err)
	}
	c.size = info.Size()
	return c, nil
}

// entries reads from the start and checks each line against the one before. It ends with the first error: a *Broken for
// what is wrong with the journal.
func (c *chain) entries(ctx context.Context) iter.Seq2[sources.Entry, error] {
	return func(yield func(sources.Entry, error) bool) {
		r := bufio.NewReader(io.NewSectionReader(c.file, 0, c.size))
		l := origin
		for line := 1; ; line++ {
			b, err := r.ReadBytes('\n')
			if errors.Is(err, io.EOF) && len(b) == 0 {
				return
			}
			e, err := l.next(line, b, err)
			if ctx.Err() != nil {
				err = place("read", c.path, ctx.Err())
			}
			if !yield(e, err) || err != nil {
				return
			}
			l = link{e.Seq, e.Hash}
		}
	}
}

// next reads one line that must follow the link.
func (l link) next(line int, b []byte, err error) (sources.Entry, error) {
	if errors.Is(err, io.EOF) {
		return sources.Entry{}, &Broken{line, fmt.Sprintf("torn: it ends after %d bytes", len(b))}
	}
	if err != nil {
		return sources.Entry{}, err
	}
	e, err := decode(bytes.TrimSuffix(b, []byte("\n")))
	if err == nil {
		err = l.follows(e)
	}
	if err != nil {
		return sources.Entry{}, &Broken{line, err.Error()}
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
				err = &sources.Error{Op: "read", Target: j.path, Kind: sources.ErrInvalid, Cause: broken, Fix: "see audit verify"}
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
