package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
)

// Repaired is what Repair did.
type Repaired struct {
	Broken *Broken  // what was wrong; nil: nothing, and nothing was done
	Kept   []string // files that hold what was cut off, byte for byte
	sums   []string // their SHA-256, in the same order
	Last   uint64   // the last good entry before the break
}

// Repair takes a journal back to its last good entry, so that it can be written and read again. All from the break on is
// kept in files of its own before it is cut off, and an entry of kind "gap" says for ever what was broken, where it is
// kept and with which hash: [Verify] reads it back. It is for a person to ask for, or for a runner that begins and tells
// people: nobody else may be writing by what the journal said before.
func (j *Journal) Repair(ctx context.Context) (Repaired, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, err := j.open(ctx)
	if err != nil {
		return Repaired{}, err
	}
	defer func() { _ = f.Close() }() // what was written is synced
	c, err := chainOf(j.path, f)
	if err != nil {
		return Repaired{}, place("repair", j.path, err)
	}
	r, last, err := c.lastGood(ctx)
	if err == nil && r.Broken != nil {
		err = j.cutOff(f, c, &r)
	}
	if err = errors.Join(err, c.closeBefore()); err != nil || r.Broken == nil {
		return r, place("repair", j.path, err)
	}
	if err := writeHead(j.path, last); err != nil {
		return r, place("repair", j.path, err)
	}
	_, _, err = j.add(f, last, r.record())
	return r, place("repair", j.path, err)
}

// lastGood is where the chain still holds.
func (c *chain) lastGood(ctx context.Context) (Repaired, link, error) {
	report, err := c.verify(ctx)
	if err != nil {
		return Repaired{}, link{}, err
	}
	last := origin
	if report.Entries > 0 {
		last = link{report.Entries, report.Head} // entries count from 1 without a gap
	}
	return Repaired{Broken: report.Broken, Last: last.seq}, last, nil
}

// cutOff keeps what stands from the break on aside, the newest file first, and cuts it off.
func (j *Journal) cutOff(f *os.File, c *chain, r *Repaired) error {
	first := len(c.before) // the break is in the file that is written, or behind its end
	if i := slices.IndexFunc(c.before, func(s segment) bool { return r.Broken.File != "" && s.name == r.Broken.File }); i >= 0 {
		first = i
	}
	stamp := j.now().UnixNano()
	from := func(i int) int64 { // where the good part of a file ends
		if i == first {
			return r.Broken.at
		}
		return 0
	}
	if err := r.keep(c.file, from(len(c.before)), c.size, j.path, stamp); err != nil {
		return err
	}
	for i := len(c.before) - 1; i >= first; i-- {
		name := j.path + segmentName.FindString(c.before[i].name)
		if err := r.keep(c.before[i].file, from(i), c.before[i].size, name, stamp); err != nil {
			return err
		}
		cut := func() error { return os.Truncate(name, from(i)) }
		if from(i) == 0 {
			cut = func() error { return os.Remove(name) }
		}
		if err := cut(); err != nil {
			return err
		}
	}
	return errors.Join(f.Truncate(from(len(c.before))), f.Sync())
}

// keep copies the end of a file into one beside it, whose name says when, and notes both.
func (r *Repaired) keep(what io.ReaderAt, from, size int64, name string, stamp int64) error {
	if from >= size {
		return nil
	}
	b, err := io.ReadAll(io.NewSectionReader(what, from, size-from))
	if err != nil {
		return err
	}
	kept := fmt.Sprintf("%s.broken-%d", name, stamp)
	r.Kept, r.sums = append(r.Kept, kept), append(r.sums, hashOf(b))
	return errors.Join(os.WriteFile(kept, b, 0o600), syncFolder(name))
}

// chainOf is the journal behind a file that the caller has locked.
func chainOf(path string, f *os.File) (*chain, error) {
	c := &chain{path: path, file: f}
	c.head, c.headErr = readHead(path)
	if err := c.openBefore(); err != nil {
		return nil, errors.Join(err, c.closeBefore())
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, c.closeBefore())
	}
	c.size, c.infos = info.Size(), append(c.infos, info)
	return c, nil
}

// openChain takes the lock only as long as it needs to see the files, their length and the head together.
func openChain(ctx context.Context, path string) (*chain, error) {
	f, err := lockNewest(ctx, path, os.O_RDONLY, syscall.LOCK_SH)
	if err != nil {
		return nil, place("read", path, err)
	}
	c, err := chainOf(path, f)
	if err = errors.Join(err, syscall.Flock(int(f.Fd()), syscall.LOCK_UN)); err != nil {
		return nil, place("read", path, errors.Join(err, f.Close()))
	}
	c.close = func() error { return errors.Join(c.closeBefore(), f.Close()) }
	return c, nil
}
