package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"rampart/cmd/internal/document"
)

// File writes an export into a new file of a folder and returns where and how many lines. One that broke off is taken
// away again: a part is never taken for the whole.
func File(dir, name string, head Head, lines func(io.Writer) (int, error)) (path string, n int, err error) {
	f, err := Private(dir, name, ".jsonl")
	if err != nil {
		return "", 0, err
	}
	buf := bufio.NewWriterSize(f, 64<<10)
	if err = document.Lines(buf).Encode(head); err == nil {
		n, err = lines(buf)
	}
	if err = errors.Join(err, buf.Flush(), f.Close()); err != nil {
		return "", 0, errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), n, nil
}

// mostOfOneName bounds the files of one second.
const mostOfOneName = 100

// Private makes a new file that only its owner can read. It never writes over another.
func Private(dir, name, ending string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for i := range mostOfOneName {
		path := filepath.Join(dir, name+ending)
		if i > 0 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", name, i+1, ending))
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !os.IsExist(err) {
			return f, err
		}
	}
	return nil, fmt.Errorf("make %s: %w", filepath.Join(dir, name+ending), os.ErrExist)
}
