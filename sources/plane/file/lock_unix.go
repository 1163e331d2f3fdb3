//go:build unix

package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// tryEvery is how often a lock that is held is asked for again.
const tryEvery = 20 * time.Millisecond

// flock takes an exclusive lock (flock(2)) on a file beside the split: the split itself is another file after each
// write. It ends with the process that holds it.
func flock(ctx context.Context, path string) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, err
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(tryEvery):
		}
	}
}

// busy tells whether somebody holds a lock.
func busy(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}

// keepOwner gives a file the owner of the one that it replaces. Only root can, and for others there is nothing to do:
// the folder lets them write, and the router reads by the mode.
func keepOwner(f *os.File, was fs.FileInfo) error {
	st, ok := was.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 {
		return nil
	}
	return f.Chown(int(st.Uid), int(st.Gid))
}
