package claim

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"

	"rampart/cmd/internal/runner/lease"
)

// errFree says that nobody has a name.
var errFree = errors.New("nobody has it")

// caller is a connection to who has a name.
type caller struct {
	conn net.Conn
	peer Peer
	got  []byte
	by   lease.Holder // by the kernel's word; empty of all else where it says nothing that can be read
}

// ring calls who has a name and hears who they are. errFree: nobody has it. With any other error by is as much as is known.
func ring(ctx context.Context, name string) (*caller, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := &caller{}
	var err error
	for {
		c.conn, err = (&net.Dialer{}).DialContext(ctx, "unix", name)
		if !errors.Is(err, syscall.EAGAIN) { // its queue is full
			break
		}
		select {
		case <-ctx.Done():
			return c, err
		case <-time.After(patience / 20):
		}
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return c, errFree
	case err != nil:
		return c, err
	}
	c.peer = kernelSays(c.conn)
	c.by = lease.Holder{PID: c.peer.PID, User: c.peer.Name}
	until, _ := ctx.Deadline()
	if l, err := c.hear(until); err == nil {
		c.by = l.holder(c.peer)
	}
	return c, nil
}

// hear reads one line.
func (c *caller) hear(until time.Time) (line, error) {
	_ = c.conn.SetReadDeadline(until)
	b := make([]byte, mostLine)
	for {
		l, whole, err := decode(c.got)
		if err != nil {
			return l, err
		}
		if whole {
			for i := range c.got {
				if c.got[i] == '\n' {
					c.got = c.got[i+1:]
					return l, nil
				}
			}
		}
		n, err := c.conn.Read(b)
		if c.got = append(c.got, b[:n]...); err != nil && n == 0 {
			return l, err
		}
	}
}

// ask asks who has a name to let go. The answer is heard with hear, and the connection stays until then: a request of
// somebody who hung up is none.
func (c *caller) ask(thief lease.Holder) error {
	l := lineOf(thief)
	l.LetGo = true
	_ = c.conn.SetWriteDeadline(time.Now().Add(patience))
	_, err := c.conn.Write(l.encode())
	return err
}

// through tells whether there is a connection.
func (c *caller) through() bool { return c.conn != nil }

// close hangs up. A caller that never got through has nothing to close.
func (c *caller) close() {
	if c != nil && c.conn != nil {
		_ = c.conn.Close()
	}
}

// kernelSays is who opened the other end.
func kernelSays(conn net.Conn) Peer {
	u, ok := conn.(*net.UnixConn)
	if !ok {
		return Peer{UID: -1, Name: "unknown"}
	}
	p := Peer{UID: -1, Name: "unknown"}
	if raw, err := u.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			if cred, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
				p = peerOf(int(cred.Uid), int(cred.Pid))
			}
		})
	}
	return p
}

// taken tells the error of a name that somebody else has.
func taken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
