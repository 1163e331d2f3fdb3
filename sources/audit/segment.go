package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
)

// DefaultSize is the size from which on a journal goes on in a new file.
const DefaultSize = 64 << 20

// segment is one file of a journal; name is empty for the one that is written.
type segment struct {
	name string
	file io.ReaderAt
	size int64
}

var segmentName = regexp.MustCompile(`\.\d{6}$`)

// segmentsOf are the files that a journal has filled, oldest first.
func segmentsOf(path string) ([]string, error) {
	all, err := filepath.Glob(escaped(path) + ".[0-9][0-9][0-9][0-9][0-9][0-9]")
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(s string) bool { return !segmentName.MatchString(s) })
	slices.Sort(all)
	return all, nil
}

// escaped is a path of which no character is a pattern.
func escaped(path string) string {
	var b bytes.Buffer
	for _, r := range path {
		if bytes.ContainsRune([]byte(`*?[\`), r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// lockNewest opens a journal's file and locks it, again when another process has rotated it away meanwhile.
func lockNewest(ctx context.Context, path string, flag, how int) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, flag, 0o600)
		if err != nil {
			return nil, err
		}
		if err := lock(ctx, f, how); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		mine, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if now, err := os.Stat(path); err == nil && os.SameFile(mine, now) {
			return f, nil
		}
		_ = f.Close() // it was rotated away, and whoever did it has made another
	}
}

// rotate puts a full file aside and returns the one that follows, locked. The chain does not notice: the next entry
// names the last one of the file before. A file that cannot be put aside is written on, and why is told; one that could be
// put aside and not be followed is an error, after which the next call finds the end of the chain in the full file.
func (j *Journal) rotate(ctx context.Context, full *os.File) (*os.File, string, error) {
	before, err := segmentsOf(j.path)
	number := 1
	if n := len(before); err == nil && n > 0 {
		_, err = fmt.Sscanf(before[n-1][len(j.path):], ".%d", &number)
		number++
	}
	if err == nil {
		err = os.Rename(j.path, fmt.Sprintf("%s.%06d", j.path, number))
	}
	if err != nil {
		return full, "the journal is too long and could not be rotated: " + err.Error(), nil
	}
	f, err := lockNewest(ctx, j.path, os.O_CREATE|os.O_RDWR|os.O_APPEND, syscall.LOCK_EX)
	if err != nil {
		return full, "", fmt.Errorf("rotate: %w", err)
	}
	return f, "", errors.Join(full.Close(), syncFolder(j.path))
}

// tailLine is the last line of a journal: of the file that is written, or of the newest full one while that is empty.
func (j *Journal) tailLine(f *os.File) ([]byte, error) {
	tail, end, err := lastLine(f)
	if err != nil || end > 0 {
		return tail, err
	}
	before, err := segmentsOf(j.path)
	if err != nil || len(before) == 0 {
		return nil, err
	}
	last, err := os.Open(before[len(before)-1])
	if err != nil {
		return nil, err
	}
	defer last.Close()
	tail, _, err = lastLine(last)
	return tail, err
}
