package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// errUnread says that whoever read our output went away.
var errUnread = &fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: syscall.EPIPE}

// unread tells whether our own output has no reader any more, as after `| head -1`. A broken pipe to a server is another
// matter and has another path.
func unread(err error) bool {
	at, ok := errors.AsType[*fs.PathError](err)
	return ok && at.Path == os.Stdout.Name() && errors.Is(at.Err, syscall.EPIPE)
}

// deserted tells before anything is written whether the reader of a pipe is gone, so that who prints a line an hour does
// not stay an hour for nobody.
func deserted(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	ask := []unix.PollFd{{Fd: int32(f.Fd())}} //nolint:gosec // a descriptor is small
	n, err := unix.Poll(ask, 0)
	return err == nil && n > 0 && ask[0].Revents&unix.POLLERR != 0
}
