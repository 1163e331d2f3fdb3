//go:build linux && !race

package road

import (
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"unsafe"
)

// Quiet reads and writes a connection by system calls of which the scheduler is not told.
//
// Why: a Go program of which all goroutines wait lets its watching thread (runtime.sysmon) sleep as well. The first system
// call that the scheduler is told of wakes it, and for its next fifty rounds it looks every 20 µs whether a call hangs: a
// console that reads an answer for 60 ms is then interrupted hundreds of times, which was half of all its context
// switches. The calls here cannot hang: the connection's descriptor does not block, and waiting is the poller's. What the
// thread is for besides, to let others have the processor of somebody who works for long, comes back with an answer that
// keeps coming: after [longAnswer] bytes without a pause the scheduler is told.
//
// A detector of races orders memory by the calls it is told of, so under it the connection stays as it is.
func Quiet(c net.Conn) net.Conn {
	sys, ok := c.(syscall.Conn)
	if !ok {
		return c
	}
	raw, err := sys.SyscallConn()
	if err != nil {
		return c
	}
	return &quiet{Conn: c, raw: raw}
}

// longAnswer takes some tens of milliseconds to be read and understood, less than an operator notices of a key.
const longAnswer = 1 << 20

type quiet struct {
	net.Conn

	raw    syscall.RawConn
	unseen atomic.Int64 // bytes read since the reader waited last
}

// Read implements net.Conn.
func (q *quiet) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if q.unseen.Load() >= longAnswer {
		q.unseen.Store(0)
		return q.Conn.Read(p)
	}
	n, err := q.pass(q.raw.Read, syscall.SYS_READ, p)
	if n == 0 && err == nil {
		err = io.EOF
	}
	q.unseen.Add(int64(n))
	return n, err
}

// Write implements net.Conn.
func (q *quiet) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		n, err := q.pass(q.raw.Write, syscall.SYS_WRITE, p[written:])
		if written += n; err != nil {
			return written, err
		}
	}
	return written, nil
}

// pass makes one call as soon as the descriptor is ready for it.
func (q *quiet) pass(ready func(func(uintptr) bool) error, call uintptr, p []byte) (n int, err error) {
	var failed syscall.Errno
	err = ready(func(fd uintptr) bool {
		for {
			r, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
			if errno == syscall.EINTR {
				continue
			}
			if errno == syscall.EAGAIN {
				q.unseen.Store(0)
				return false
			}
			if failed = errno; errno == 0 {
				n = int(r)
			}
			return true
		}
	})
	if err == nil && failed != 0 {
		name := "read"
		if call == syscall.SYS_WRITE {
			name = "write"
		}
		err = &net.OpError{Op: name, Net: q.LocalAddr().Network(), Source: q.LocalAddr(), Addr: q.RemoteAddr(), Err: os.NewSyscallError(name, failed)}
	}
	return n, err
}
