package audit

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"rampart/sources"
)

// Line is one line of a journal as it stands there, whether it is what was written or not.
type Line struct {
	// Entry is what the line says. Of one that is not whole it is what could be made out of it, and proves nothing.
	Entry sources.Entry
	// Read says that the line holds an entry at all; Whole, that it fits its own hash.
	Read, Whole bool
	// Broken says what is wrong with the line or with what must stand before it; nil: it is what was written.
	Broken *Broken
}

// Salvage yields all lines of a journal, oldest first, and goes on behind broken ones: it is for a person who must read
// what is left. A line behind a break is whole again when it fits its own hash. What Verify finds missing at the end is
// the last line, without an entry. The error says why no more could be read.
func Salvage(ctx context.Context, path string) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		c, err := openChain(ctx, path)
		if err != nil {
			yield(Line{}, err)
			return
		}
		defer func() { _ = c.close() }() // it was only read
		l := loose{link: origin, before: origin}
		for _, s := range append(slices.Clone(c.before), segment{file: c.file, size: c.size}) {
			if !c.salvage(ctx, s, &l, yield) {
				return
			}
		}
		if errors.Is(c.headErr, errNoHead) { // a copy has none, and what is there is what was asked for
			return
		}
		if reason := c.againstHead(l.before, l.link); reason != "" && !l.lost {
			yield(Line{Broken: &Broken{Line: l.line + 1, Reason: reason, at: c.size}}, nil)
		}
	}
}

// loose is a link that may be lost: behind a line that could not be read nobody knows what must follow.
type loose struct {
	link
	before link
	lost   bool
	line   int // of the newest file
}

// salvage yields one file's lines; false: it ended.
func (c *chain) salvage(ctx context.Context, s segment, l *loose, yield func(Line, error) bool) bool {
	r := bufio.NewReader(io.NewSectionReader(s.file, 0, s.size))
	for l.line = 0; ; {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(b) == 0 {
			return true
		}
		if bad := errors.Join(ctx.Err(), unlessEnd(err)); bad != nil {
			yield(Line{}, place("read", c.path, bad))
			return false
		}
		l.line++
		out := l.read(b, err != nil)
		if out.Broken != nil {
			out.Broken.File, out.Broken.Line = s.name, l.line
		}
		if !yield(out, nil) {
			return false
		}
	}
}

// unlessEnd is an error other than the end of the file.
func unlessEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// read takes one line and moves the link behind it.
func (l *loose) read(b []byte, torn bool) Line {
	e, err := decode(bytes.TrimSuffix(b, []byte("\n")))
	out := Line{Entry: e, Read: e.Seq > 0, Whole: err == nil}
	switch {
	case torn:
		out.Broken, l.lost = &Broken{Reason: fmt.Sprintf("torn: it ends after %d bytes", len(b))}, true
		return out
	case err != nil:
		out.Broken, l.lost = &Broken{Reason: err.Error()}, true
		return out
	}
	if err := l.follows(e); err != nil && !l.lost {
		out.Broken = &Broken{Reason: err.Error()}
	}
	l.before, l.link, l.lost = l.link, link{e.Seq, e.Hash}, false
	return out
}
