package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"rampart/sources"
)

// Journal appends to one file. See the package's promise.
type Journal struct {
	path string
	now  func() time.Time
	size int64      // from which on it goes on in a new file
	mu   sync.Mutex // flock is shared by all goroutines of a process that use one open file; this is not
	seen link       // the last entry that this process wrote; under mu

	proven atomic.Pointer[proven] // how far it was read and found whole
}

var _ sources.Journal = (*Journal)(nil)

// Open returns the journal at a path and makes its folder and files (mode 0600) where they are missing. The path's
// folder is the caller's choice, by custom below $XDG_STATE_HOME.
//
// A journal that cannot be written now comes back together with the error: each Append tries again, so that whoever
// must act without it can still be heard later. So does one whose disk hangs, or that another process holds, after a few
// seconds; nobody waits for the goroutine of a hung disk, which ends when the disk answers.
func Open(path string, now func() time.Time) (*Journal, error) {
	type opened struct {
		j   *Journal
		err error
	}
	done := make(chan opened, 1)
	go func() {
		j, err := prepare(path, now)
		done <- opened{j, err}
	}()
	select {
	case o := <-done:
		return o.j, o.err
	case <-time.After(hungAfter):
		return newJournal(path, now), place("open", path, fmt.Errorf("its disk has not answered for %v", hungAfter))
	}
}

// openFor is how long a journal is waited for that another process holds: an entry takes milliseconds. That has a word of
// its own, so a disk counts as hung only after it.
const (
	openFor   = 2 * time.Second
	hungAfter = openFor + time.Second
)

func newJournal(path string, now func() time.Time) *Journal {
	return &Journal{path: path, now: now, size: DefaultSize}
}

// prepare makes what is missing and mends an end that was cut off.
func prepare(path string, now func() time.Time) (*Journal, error) {
	ctx, cancel := context.WithTimeout(context.Background(), openFor)
	defer cancel()
	j := newJournal(path, now)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return j, place("open", path, err)
	}
	f, err := j.open(ctx)
	if err != nil {
		return j, err
	}
	defer f.Close()
	if size, err := f.Seek(0, io.SeekEnd); err != nil || size > 0 {
		return j, place("open", path, errors.Join(err, j.heal(f)))
	}
	if _, err := readHead(path); !errors.Is(err, errNoHead) {
		return j, nil
	}
	return j, place("open", path, errors.Join(writeHead(path, origin), syncFolder(path)))
}

// RotateAt sets the size from which on it goes on in a new file; the first ones are kept beside it as PATH.000001 and so
// on. It is called before the first use.
func (j *Journal) RotateAt(size int64) { j.size = size }

// Path is where the journal stands.
func (j *Journal) Path() string { return j.path }

// Append writes an entry at the end of the chain and syncs it. When it fails nothing was added: ErrUnreachable when the
// disk is full or broken, ErrDenied when the file may not be written.
func (j *Journal) Append(ctx context.Context, e sources.Entry) (sources.Entry, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, err := j.open(ctx)
	if err != nil {
		return e, err
	}
	defer func() { _ = f.Close() }() // what was written is synced
	notes, err := j.mendEnd(f)
	if err != nil {
		return e, place("append", j.path, err)
	}
	if info, err := f.Stat(); err == nil && info.Size() >= j.size {
		var note string
		if f, note, err = j.rotate(ctx, f); err != nil {
			return e, place("append", j.path, err)
		}
		if note != "" {
			notes = append(notes, note)
		}
	}
	last, more, err := j.stands(f) // only now: another process may have written into the new file first
	if err != nil {
		return e, place("append", j.path, err)
	}
	notes = append(notes, more...)
	if j.seen.seq > last.seq { // such as where somebody removed the folder: what stands here now does not know of it
		gone := sources.Entry{Kind: sources.EntryGap, Text: fmt.Sprintf("entries %d to %d were written here by this process and are gone", last.seq+1, j.seen.seq)}
		if _, last, err = j.add(f, last, gone); err != nil {
			return e, place("append", j.path, err)
		}
	}
	for _, note := range notes {
		if _, last, err = j.add(f, last, sources.Entry{Kind: sources.EntryNote, Text: note}); err != nil {
			return e, place("append", j.path, err)
		}
	}
	e, _, err = j.add(f, last, e)
	return e, place("append", j.path, err)
}

// Try proves that an entry could be written now and leaves everything as it is: it opens and locks the file as Append does
// and writes, syncs and removes the file by which a head is replaced. A file that may be written in a folder that may not
// would else look well until the first action.
func (j *Journal) Try(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	f, err := j.open(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	tmp, err := writeNewHead(j.path, origin)
	if err == nil {
		err = os.Remove(tmp)
	}
	return place("try", j.path, errors.Join(err, f.Sync()))
}

// add writes one line behind a link. A line of which only a part could be written is taken back.
func (j *Journal) add(f *os.File, last link, e sources.Entry) (sources.Entry, link, error) {
	e.Seq, e.Time, e.Prev = last.seq+1, j.now().UTC().Round(0), last.hash
	line, e, err := encode(e)
	if err != nil {
		return e, last, &sources.Error{Op: "append", Target: j.path, Kind: sources.ErrInvalid, Cause: err}
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return e, last, err
	}
	if _, err = f.Write(line); err == nil {
		err = f.Sync()
	}
	if err != nil {
		return e, last, errors.Join(err, f.Truncate(end))
	}
	next := link{e.Seq, e.Hash}
	if err := writeHead(j.path, next); err != nil {
		return e, last, errors.Join(fmt.Errorf("head file: %w", err), f.Truncate(end))
	}
	j.seen = next
	return e, next, nil
}

// open opens the file for appending and locks it against other processes. It waits for the lock as long as ctx lasts.
func (j *Journal) open(ctx context.Context) (*os.File, error) {
	f, err := lockNewest(ctx, j.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, syscall.LOCK_EX)
	return f, place("open", j.path, err)
}

// lock asks again every few milliseconds, because waiting inside flock could not be ended by ctx.
func lock(ctx context.Context, f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("another process has it: %w", ctx.Err())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// place gives an error of the file system its kind.
func place(op, path string, err error) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*sources.Error](err); ok {
		return known
	}
	e := &sources.Error{Op: op, Target: path, Kind: sources.ErrUnreachable, Cause: err}
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		e.Fix = "the disk is full: make room, the journal goes on by itself"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Kind, e.Fix = sources.ErrDenied, "make the file writable for this user"
		if op == "read" {
			e.Fix = "let this user read the file"
		}
	}
	return e
}
