package prom

import (
	"errors"
	"io"

	"rampart/sources"
)

// mostBytes is how much is read at once: a whole answer, or one series of a streamed one. The largest series seen is 2 h
// of raw samples each second, 200 kB; a grouped answer is smaller still.
const mostBytes = 32 << 20

// bounded is an answer's body that cannot fill the memory: what url leads to may be another program, and one value of
// its JSON would otherwise be held whole, however long it goes on.
type bounded struct {
	io.ReadCloser
	left int64
}

func bound(body io.ReadCloser) *bounded { return &bounded{ReadCloser: body, left: mostBytes} }

// Read reads on until the bytes that are left are used up.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, &sources.Error{
			Kind: sources.ErrInvalid, Cause: errors.New("the answer goes on for more than 32 MiB"),
			Fix: "see what url leads to, and select fewer series",
		}
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// renew gives the next series its own bytes.
func (b *bounded) renew() { b.left = mostBytes }
