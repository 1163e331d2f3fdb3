package wire

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"rampart/sources"
)

// Listen makes the socket that consoles attach to, with the mode that says who may. A folder that is not there is made
// for its owner alone. A file left over by a runner that died is replaced; one behind which somebody listens is not:
// that is ErrConflict.
func Listen(ctx context.Context, path string, mode fs.FileMode) (net.Listener, error) {
	return listen(ctx, path, mode, false)
}

// TakeOver is Listen for whoever has stolen the lease: it replaces the socket also where somebody listens behind it. A
// runner that hangs cannot be told from one that is busy, and the kernel answers for both. Consoles that are attached
// there stay so; new ones come here.
func TakeOver(ctx context.Context, path string, mode fs.FileMode) (net.Listener, error) {
	return listen(ctx, path, mode, true)
}

func listen(ctx context.Context, path string, mode fs.FileMode, stolen bool) (net.Listener, error) {
	ctx = context.WithoutCancel(ctx) // a runner that is told to end while it starts is not one that somebody else stands in the way of
	failed := func(kind, err error) error {
		return &sources.Error{Op: "listen at", Target: path, Kind: kind, Cause: err}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, failed(sources.ErrDenied, err)
	}
	unlock, err := alone(path + ".lock")
	if err != nil {
		return nil, failed(sources.ErrDenied, err)
	}
	defer unlock()
	if !stolen && Lives(ctx, path) {
		return nil, failed(sources.ErrConflict, errors.New("a runner listens there already"))
	}
	if info, err := os.Lstat(path); err == nil {
		if info.Mode().Type() != fs.ModeSocket {
			return nil, failed(sources.ErrConflict, errors.New("there is a file that is no socket"))
		}
		if err := os.Remove(path); err != nil {
			return nil, failed(sources.ErrDenied, err)
		}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return nil, failed(sources.ErrDenied, err)
	}
	err = os.Chmod(path, mode)
	info, lost := os.Lstat(path)
	if err := errors.Join(err, lost); err != nil {
		l.Close()
		return nil, failed(sources.ErrDenied, err)
	}
	if u, ok := l.(*net.UnixListener); ok {
		u.SetUnlinkOnClose(false)
	}
	return &door{Listener: l, path: path, info: info}, nil
}

// door is a listener that takes only its own socket away when it closes: one that was taken over has another's there.
type door struct {
	net.Listener
	path string
	info fs.FileInfo
}

// Close ends the listening and removes the socket if it is still this one's.
func (d *door) Close() error {
	if unlock, err := alone(d.path + ".lock"); err == nil {
		defer unlock()
	}
	if now, err := os.Lstat(d.path); err == nil && os.SameFile(d.info, now) {
		_ = os.Remove(d.path) // a file alone says nothing
	}
	return d.Listener.Close()
}

// Lives tells whether somebody listens behind a socket file. A file alone says nothing: it outlives a runner that was
// killed. One that may not be dialled has somebody behind it as far as we can know.
func Lives(ctx context.Context, path string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err == nil {
		c.Close()
		return true
	}
	return !errors.Is(err, syscall.ECONNREFUSED) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTSOCK)
}

// alone keeps two runners that start at once from each removing the other's socket.
func alone(path string) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return func() { f.Close() }, nil
}
