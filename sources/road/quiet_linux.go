//go:build linux && !race

package road

import (
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"
)

// Quiet reads and writes a connection by system calls of which the scheduler is not told.
//
// Why: a Go program of which all goroutines wait lets its watching thread (runtime.sysmon) sleep as well. The first system
// call that the scheduler is told of wakes it, and for its next fifty rounds it looks every 20 µs whether a call hangs: a
// console that reads an answer for 60 ms is then interrupted hundreds of times, which was two thirds of all its context
// switches. The calls here cannot hang: the connection's descriptor does not block, and waiting is the poller's.
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

type quiet struct {
	net.Conn

	raw syscall.RawConn
}

// Read implements net.Conn.
func (q *quiet) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := q.pass(q.raw.Read, syscall.SYS_READ, p)
	if n == 0 && err == nil {
		err = io.EOF
	}
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
			var r uintptr
			r, _, failed = syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
			switch failed {
			case syscall.EINTR:
				continue
			case syscall.EAGAIN:
				return false
			case 0:
				n = int(r)
			}
			return true
		}
	})
	if err == nil && failed != 0 {
		err = os.NewSyscallError(map[uintptr]string{syscall.SYS_READ: "read", syscall.SYS_WRITE: "write"}[call], failed)
	}
	return n, err
}
