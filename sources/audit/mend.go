package audit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// mendEnd keeps a torn end in a file of its own and cuts it off. It returns what must be said about it.
func (j *Journal) mendEnd(f *os.File) ([]string, error) {
	tail, end, err := lastLine(f)
	if err != nil || len(tail) == 0 || bytes.HasSuffix(tail, []byte("\n")) {
		return nil, err
	}
	note, err := j.keepTorn(f, tail, end)
	return []string{note}, err
}

// stands finds where the chain stands, in a file whose end is whole. It returns what must be said about the journal before
// the next entry.
func (j *Journal) stands(f *os.File) (link, []string, error) {
	var notes []string
	tail, err := j.tailLine(f)
	if err != nil {
		return link{}, nil, err
	}
	last, broken := origin, error(nil)
	if len(tail) > 0 {
		e, err := decode(bytes.TrimSuffix(tail, []byte("\n")))
		last, broken = link{e.Seq, e.Hash}, err
	}
	head, err := readHead(j.path)
	switch {
	case err == nil && broken != nil:
		notes = append(notes, fmt.Sprintf("the last line is broken (%v): the chain goes on from the head file, see audit verify", broken))
		return head, notes, nil
	case broken != nil:
		return link{}, nil, fmt.Errorf("the last line is broken (%w) and the head file gives no help (%w): %s", broken, err, Mend)
	case err == nil && head.seq > last.seq:
		notes = append(notes, fmt.Sprintf("entries %d to %d were written and are gone from the end, see audit verify", last.seq+1, head.seq))
		return head, notes, nil
	case err != nil && last.seq > 0:
		notes = append(notes, fmt.Sprintf("the head file could not be read (%v): whether the end of the journal was cut off before this entry cannot be told", err))
	}
	return last, notes, nil
}

// keepTorn saves a line without an end before it is cut off. A line that lacks its end only gets it back.
func (j *Journal) keepTorn(f *os.File, tail []byte, end int64) (string, error) {
	if _, err := decode(tail); err == nil {
		_, err := f.WriteString("\n")
		return "the line before lacked its end", errors.Join(err, f.Sync())
	}
	name := fmt.Sprintf("%s.torn-%d", j.path, j.now().UnixNano())
	if err := os.WriteFile(name, tail, 0o600); err != nil {
		return "", err
	}
	if err := errors.Join(f.Truncate(end-int64(len(tail))), f.Sync()); err != nil {
		return "", err
	}
	return fmt.Sprintf("a line of %d bytes was torn; it is kept in %s, sha256 %s", len(tail), name, hashOf(tail)), nil
}

// lastLine returns the last line with its end, if it has one, and where the file ends.
func lastLine(f *os.File) ([]byte, int64, error) {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, 0, err
	}
	b, err := lastBefore(f, end)
	return b, end, err
}

// lastBefore is the last line that ends at a place.
func lastBefore(f io.ReaderAt, end int64) ([]byte, error) {
	for size := int64(4096); ; size *= 4 {
		size = min(size, end)
		b := make([]byte, size)
		if _, err := f.ReadAt(b, end-size); err != nil {
			return nil, err
		}
		body := bytes.TrimSuffix(b, []byte("\n"))
		if i := bytes.LastIndexByte(body, '\n'); i >= 0 {
			return b[i+1:], nil
		}
		if size == end {
			return b, nil
		}
	}
}
