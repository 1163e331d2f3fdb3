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
	if Lives(ctx, path) {
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
	if err := os.Chmod(path, mode); err != nil {
		l.Close()
		return nil, failed(sources.ErrDenied, err)
	}
	return l, nil
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
