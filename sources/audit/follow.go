package audit

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"

	"rampart/sources"
)

// mostAtOnce bounds the lines that are held at once.
const mostAtOnce = 256

// follower reads a journal's lines as they come, without its lock. It keeps the file open that it reads, so that one
// which is rotated away is read to its end.
type follower struct {
	path string
	file *os.File
	next int64 // where in the file the next line begins
}

// followed is one line, and how many before it held no entry.
type followed struct {
	entry  sources.Entry
	line   []byte
	broken uint64
}

// after are the lines behind a link up to another, at most so many that they can be held.
func (f *follower) after(at, upTo link) ([]followed, error) {
	if at.seq >= upTo.seq {
		return nil, nil
	}
	var out []followed
	for len(out) < mostAtOnce {
		if f.file == nil {
			if found, err := f.open(at.seq); err != nil || !found {
				return out, err
			}
		}
		more, err := f.read(at.seq, upTo.seq, mostAtOnce-len(out))
		if err != nil {
			return out, err
		}
		if out = append(out, more...); len(more) > 0 {
			at.seq = more[len(more)-1].entry.Seq
			continue
		}
		if at.seq >= upTo.seq || f.newest() {
			return out, nil
		}
		f.close() // it was rotated away and is read
	}
	return out, nil
}

// read takes lines from the open file.
func (f *follower) read(from, upTo uint64, most int) ([]followed, error) {
	r := bufio.NewReader(io.NewSectionReader(f.file, f.next, 1<<62))
	var out []followed
	broken := uint64(0)
	for len(out) < most {
		b, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return out, nil // a line that is not whole yet is read again
		}
		if err != nil {
			return out, err
		}
		e, err := decode(bytes.TrimSuffix(b, []byte("\n")))
		if err == nil && e.Seq > upTo {
			return out, nil // it is not acknowledged yet
		}
		f.next += int64(len(b))
		switch {
		case err != nil:
			broken++
		case e.Seq > from:
			out = append(out, followed{e, bytes.TrimSuffix(b, []byte("\n")), broken})
			broken = 0
		}
	}
	return out, nil
}

// open finds the oldest file that has a line behind a number.
func (f *follower) open(seq uint64) (bool, error) {
	names, err := segmentsOf(f.path)
	if err != nil {
		return false, err
	}
	for _, name := range append(names, f.path) {
		file, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil // it is being rotated: next time
		}
		if err != nil {
			return false, err
		}
		tail, _, err := lastLine(file)
		if err != nil {
			return false, errors.Join(err, file.Close())
		}
		e, err := decode(bytes.TrimSuffix(tail, []byte("\n")))
		if name == f.path || err != nil || e.Seq > seq {
			f.file, f.next = file, 0
			return true, nil
		}
		_ = file.Close() // it was only read
	}
	return false, nil
}

// newest tells whether the open file is the one that is written.
func (f *follower) newest() bool {
	mine, err := f.file.Stat()
	if err != nil {
		return true
	}
	now, err := os.Stat(f.path)
	return err != nil || os.SameFile(mine, now)
}

func (f *follower) close() {
	if f.file != nil {
		_ = f.file.Close() // it was only read
		f.file = nil
	}
}
