package claim

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"rampart/cmd/internal/runner/lease"
)

const (
	// backlog is how many callers the kernel keeps until they are heard.
	backlog = 64
	// mostCalls is how many callers may take their time to say something.
	mostCalls = 32
	// hearing is how long a caller may take for it.
	hearing = 500 * time.Millisecond
)

// door is a name that is bound by this process, and who called there.
type door struct {
	file *os.File
	raw  syscall.RawConn
	say  []byte // what every caller is told
	may  func(thief lease.Holder, p Peer) error

	mu    sync.Mutex
	calls []*call
	gone  *lease.Holder // whom it was let go to
	shut  bool
}

// call is a caller who has not said all yet. Its file is closed by its own goroutine alone.
type call struct {
	file *os.File
	raw  syscall.RawConn
	peer Peer
	got  []byte

	over, granted bool
}

// open binds a name and answers who calls there. syscall.EADDRINUSE: somebody else has it.
func open(name string, who lease.Holder, may func(lease.Holder, Peer) error) (*door, error) {
	d, err := bind(name, who, may)
	if err == nil {
		go func() {
			_ = d.raw.Read(func(fd uintptr) bool { d.mu.Lock(); defer d.mu.Unlock(); d.hear(int(fd)); return d.shut }) // until it is closed
		}()
	}
	return d, err
}

// bind is open for whoever looks who called, and only then.
func bind(name string, who lease.Holder, may func(lease.Holder, Peer) error) (*door, error) {
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	if err = syscall.Bind(fd, &syscall.SockaddrUnix{Name: name}); err == nil {
		err = syscall.Listen(fd, backlog)
	}
	if err != nil {
		_ = syscall.Close(fd)
		return nil, fmt.Errorf("bind: %w", err)
	}
	d := &door{file: os.NewFile(uintptr(fd), name), say: lineOf(who).encode(), may: may}
	if d.raw, err = d.file.SyscallConn(); err != nil {
		_ = d.file.Close()
		return nil, fmt.Errorf("bind: %w", err)
	}
	return d, nil
}

// look hears who has called until now and returns whom the name was let go to; nil: nobody.
func (d *door) look() *lease.Holder {
	_ = d.raw.Control(func(fd uintptr) { d.mu.Lock(); defer d.mu.Unlock(); d.hear(int(fd)) }) // it fails when the name was let go
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.gone
}

// close lets the name go. It comes back when the name is free.
func (d *door) close() {
	d.mu.Lock()
	d.shut = true
	for _, c := range slices.Clone(d.calls) {
		d.hangUp(c)
	}
	d.mu.Unlock()
	syscall.ForkLock.RLock() // a program that is just being started has the socket as well, until it is
	defer syscall.ForkLock.RUnlock()
	_ = d.file.Close() // a second time changes nothing
}

// hear takes all calls that wait: those that came before it are answered when it returns, as far as they spoke.
func (d *door) hear(fd int) {
	for range backlog + mostCalls {
		if d.shut {
			return
		}
		n, _, err := syscall.Accept4(fd, syscall.SOCK_NONBLOCK|syscall.SOCK_CLOEXEC)
		switch {
		case errors.Is(err, syscall.EINTR) || errors.Is(err, syscall.ECONNABORTED):
			continue
		case err != nil:
			d.hearOn()
			return
		}
		d.take(n)
	}
	d.hearOn()
}

// hearOn listens to those who had not said all before.
func (d *door) hearOn() {
	for _, c := range slices.Clone(d.calls) {
		_ = c.raw.Control(func(fd uintptr) { d.listen(c, int(fd)) }) // it may have hung up
	}
}

// take greets one caller and hears what was said already; whoever takes longer is heard when it comes.
func (d *door) take(fd int) {
	cred, err := syscall.GetsockoptUcred(fd, syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	if err != nil {
		_ = syscall.Close(fd)
		return
	}
	tell(fd, d.say)
	c := &call{file: os.NewFile(uintptr(fd), "call"), peer: Peer{UID: int(cred.Uid), PID: int(cred.Pid)}}
	if c.raw, err = c.file.SyscallConn(); err != nil {
		_ = c.file.Close()
		return
	}
	if len(d.calls) >= mostCalls {
		d.hangUp(d.calls[0])
	}
	d.calls = append(d.calls, c)
	_ = c.file.SetReadDeadline(time.Now().Add(hearing))
	d.listen(c, fd)
	go d.attend(c)
}

// attend hears a caller to the end, and lets the name go if that was asked and granted: whoever is told so finds it free.
func (d *door) attend(c *call) {
	_ = c.raw.Read(func(fd uintptr) bool { d.mu.Lock(); defer d.mu.Unlock(); return d.listen(c, int(fd)) }) // or it takes too long
	d.mu.Lock()
	d.hangUp(c)
	granted := c.granted
	d.mu.Unlock()
	if granted {
		d.close()
		_ = c.raw.Control(func(fd uintptr) { tell(int(fd), line{LetGo: true}.encode()) }) // or it hung up
	}
	_ = c.file.Close()
}

// hangUp ends a call: its goroutine wakes up and closes it.
func (d *door) hangUp(c *call) {
	c.over = true
	_ = c.file.SetReadDeadline(time.Unix(1, 0))
	d.calls = slices.DeleteFunc(d.calls, func(o *call) bool { return o == c })
}

// listen reads what a caller says and does what is asked, once. It tells whether the call is over.
func (d *door) listen(c *call, fd int) (over bool) {
	b := make([]byte, mostLine)
	for !c.over {
		n, _, err := syscall.Recvfrom(fd, b, syscall.MSG_DONTWAIT)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return false
		case err != nil || n == 0: // it hung up
			d.hangUp(c)
			return true
		}
		c.got = append(c.got, b[:n]...)
		l, whole, err := decode(c.got)
		if whole && l.LetGo && !hungUp(fd) {
			d.answer(l, c, fd)
		}
		if whole || err != nil {
			d.hangUp(c)
		}
	}
	return true
}

// hungUp tells whether a caller is there no more: what somebody asked who has died or given up since is no reason to let go.
func hungUp(fd int) bool {
	n, _, err := syscall.Recvfrom(fd, make([]byte, 1), syscall.MSG_DONTWAIT|syscall.MSG_PEEK)
	return n == 0 && err == nil || errors.Is(err, syscall.ECONNRESET)
}

// answer lets the name go, or says why not.
func (d *door) answer(l line, c *call, fd int) {
	p := peerOf(c.peer.UID, c.peer.PID)
	thief := l.holder(p)
	if d.gone == nil && !rules(p.UID, os.Geteuid()) {
		if err := d.may(thief, p); err != nil {
			tell(fd, line{Refused: err.Error()}.encode())
			return
		}
	}
	if d.gone == nil {
		d.gone = &thief
	}
	d.shut, c.granted = true, true // the socket is in use here: who attends the call closes it
}

// tell says a line to who is at the other end, if they are. A line always fits into what the kernel keeps for a new
// connection; whoever reads nothing loses it.
func tell(fd int, b []byte) {
	_, _ = syscall.SendmsgN(fd, b, nil, nil, syscall.MSG_DONTWAIT|syscall.MSG_NOSIGNAL)
}
