package audit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// cursor is how far a receiver came.
type cursor struct {
	link
	missed uint64 // entries that were passed over since the last record of a gap
}

// cursorPath is where a receiver's place is kept.
func cursorPath(path, name string) string { return path + ".copied-" + hashOf([]byte(name))[:12] }

// beginCursor puts a new receiver at the journal's end, and leaves one that is known where it is.
func beginCursor(path, name string) error {
	head, err := readHead(path)
	if errors.Is(err, errNoHead) {
		head, err = origin, nil
	}
	if err != nil {
		return err
	}
	f, err := os.OpenFile(cursorPath(path, name), os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(cursor{link: head}.write(f), f.Close())
}

// readCursor reads a place. One that a crash left torn is the origin's: what is sent twice carries the same ID.
func readCursor(f *os.File) (cursor, error) {
	b, err := io.ReadAll(io.NewSectionReader(f, 0, 256))
	if err != nil {
		return cursor{}, err
	}
	var c cursor
	if _, err := fmt.Sscanf(string(b), "%d %s %d\n", &c.seq, &c.hash, &c.missed); err != nil || len(c.hash) != len(origin.hash) {
		return cursor{link: origin}, nil
	}
	return c, nil
}

// write is not synced: what a crash of the machine takes is sent twice.
func (c cursor) write(f *os.File) error {
	b := fmt.Appendf(nil, "%d %s %d\n", c.seq, c.hash, c.missed)
	_, err := f.WriteAt(b, 0)
	return errors.Join(err, f.Truncate(int64(len(b))))
}

// catchUp passes over what a receiver that was away for long is not sent any more, and tells whether it did. A journal
// that was taken back behind the place is sent anew.
func (c *cursor) catchUp(head link) bool {
	was := c.seq
	if c.seq > head.seq {
		c.link = origin
	}
	if behind := head.seq - c.seq; behind > mostBehind {
		c.missed += behind - mostBehind
		c.link = link{head.seq - mostBehind, origin.hash}
	}
	return c.seq != was
}

// Behind is how many entries a receiver has not got yet; false when it never was one.
func Behind(path, name string) (uint64, bool, error) {
	f, err := os.Open(cursorPath(path, name))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, place("read", path, err)
	}
	defer f.Close()
	at, err := readCursor(f)
	if err != nil {
		return 0, false, place("read", path, err)
	}
	head, err := readHead(path)
	if err != nil || head.seq < at.seq {
		return 0, true, nil // nothing was recorded yet, or it was taken back
	}
	return head.seq - at.seq, true, nil
}
