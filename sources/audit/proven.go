package audit

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"iter"
	"os"

	"rampart/sources"
)

// proven is how far a journal was read and found whole, by file, oldest first. It is never changed once it is kept.
//
// Why: a desk reads what is new before each of its actions, and a journal only grows. Read from its beginning, one of half
// a year takes longer than a ramp-up may wait. What was proven is not believed for ever: a file that changed since has its
// old bytes summed again, which is thirty times faster than reading its entries, and [Verify] reads everything anew.
type proven []seal

// seal is one file up to a line.
type seal struct {
	info os.FileInfo // as it was
	spot
	sum [sha256.Size]byte // of all bytes before the spot
}

// spot is a place behind a line of a file.
type spot struct {
	at    int64
	lines int
	link  link
}

// whole tells whether a file is what was read to its end, by its looks.
func (s seal) whole(now os.FileInfo) bool {
	return os.SameFile(s.info, now) && s.info.Size() == now.Size() && s.info.ModTime().Equal(now.ModTime()) && s.at == now.Size()
}

// resume finds the place in a file from which on it must be read, with the sum of all before it: the one that was proven, if
// those bytes are what they were and the reader wants nothing of them.
func (s seal) resume(file io.ReaderAt, now os.FileInfo, begin link, from uint64) (spot, hash.Hash) {
	h := sha256.New()
	if s.info != nil && s.link.seq < from && os.SameFile(s.info, now) && s.at <= now.Size() {
		if _, err := io.Copy(h, io.NewSectionReader(file, 0, s.at)); err == nil && [sha256.Size]byte(h.Sum(nil)) == s.sum {
			return s.spot, h
		}
	}
	return spot{link: begin}, sha256.New()
}

// since yields the entries from a number on, beginning where known ends, and returns how far the journal is proven now.
func (c *chain) since(ctx context.Context, from uint64, known proven, yield func(sources.Entry, error) bool) proven {
	var out proven
	l, same := origin, true // same: all files before are those that are known
	for i, s := range append(c.before[:len(c.before):len(c.before)], segment{file: c.file, size: c.size}) {
		info, old := c.infos[i], seal{}
		if same && i < len(known) {
			old = known[i]
		}
		if old.info != nil && old.whole(info) && old.link.seq < from {
			out, l = append(out, old), old.link
			continue
		}
		at, sum := old.resume(s.file, info, l, from)
		same = same && old.info != nil && at == old.spot
		goOn := c.readOn(ctx, s, &at, sum, func(e sources.Entry, bad error) bool {
			return bad == nil && e.Seq < from || yield(e, bad)
		})
		out, l = append(out, seal{info, at, [sha256.Size]byte(sum.Sum(nil))}), at.link
		if !goOn {
			return out
		}
	}
	if l.seq+1 < from { // whoever asks has read more than there is
		yield(sources.Entry{}, &sources.Error{
			Op: "read", Target: c.path, Kind: sources.ErrInvalid, Fix: "end this process and start it again: it goes on by what stands there now",
			Cause: fmt.Errorf("entry %d was read here and is gone: this is another journal than before", from-1),
		})
	}
	return out
}

// Entries yields the entries from a sequence number on. It reads what was there when it began. A broken line ends it
// with ErrInvalid, and so does a journal that ends before the entry that comes before that number.
func (j *Journal) Entries(ctx context.Context, from uint64) iter.Seq2[sources.Entry, error] {
	return func(yield func(sources.Entry, error) bool) {
		c, err := openChain(ctx, j.path)
		if err != nil {
			yield(sources.Entry{}, err)
			return
		}
		defer func() { _ = c.close() }() // it was only read
		var known proven
		if p := j.proven.Load(); p != nil {
			known = *p
		}
		now := c.since(ctx, from, known, func(e sources.Entry, err error) bool {
			if broken, ok := errors.AsType[*Broken](err); ok {
				err = &sources.Error{Op: "read", Target: j.path, Kind: sources.ErrInvalid, Cause: broken, Fix: Mend}
			}
			return yield(e, err) && err == nil
		})
		j.proven.Store(&now)
	}
}
