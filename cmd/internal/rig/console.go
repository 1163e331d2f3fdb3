package rig

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// Console is a program in a pseudo terminal whose screen can be read and whose keys can be pressed.
type Console struct {
	*Child
	pty  *os.File
	done sync.WaitGroup

	mu     sync.Mutex
	screen *vt.Emulator
	drawn  chan struct{} // closed and replaced whenever the program has written
}

// StartConsole starts the command in a terminal of that size. All it writes is kept in dir/name.pty.
func StartConsole(dir, name string, cmd *exec.Cmd, cols, rows int) (*Console, error) {
	c := &Console{screen: vt.NewEmulator(cols, rows), drawn: make(chan struct{})}
	raw, err := os.Create(filepath.Join(dir, name+".pty"))
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.pty, err = pty.StartWithAttrs(cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}, ownSession())
	if err != nil {
		raw.Close()
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	if c.pty, err = polled(c.pty); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	c.Child = watchChild(name, raw.Name(), cmd)
	c.done.Go(func() {
		defer raw.Close()
		c.draw(raw)
	})
	c.done.Go(func() { _, _ = io.Copy(c.pty, c.screen) }) // The terminal's answers to the program's questions.
	return c, nil
}

// polled is the same end of a terminal, waited for by the runtime's poller: only so does closing it end what reads it, and
// hang up whoever is at the other end, at once.
func polled(f *os.File) (*os.File, error) {
	defer f.Close()
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err == nil {
		err = unix.SetNonblock(fd, true)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// HangUp closes the terminal under the program, as sshd does when the connection is lost.
func (c *Console) HangUp() { _ = c.pty.Close() }

// draw feeds what the program writes to the emulator until the terminal closes, which reads as an error on Linux.
func (c *Console) draw(raw io.Writer) {
	buf := make([]byte, 32<<10)
	for {
		n, err := c.pty.Read(buf)
		_, _ = raw.Write(buf[:n])
		c.mu.Lock()
		_, _ = c.screen.Write(buf[:n])
		close(c.drawn)
		c.drawn = make(chan struct{})
		c.mu.Unlock()
		if err != nil {
			break
		}
	}
	// Close of the emulator itself would race with its reader; closing the pipe ends the reader too.
	if in, ok := c.screen.InputPipe().(io.Closer); ok {
		_ = in.Close()
	}
}

// Screen is the text on the screen now, one line a row.
func (c *Console) Screen() string {
	text, _ := c.look()
	return text
}

func (c *Console) look() (string, <-chan struct{}) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.screen.String(), c.drawn
}

// WaitFor returns the first screen that satisfies see, looking whenever the program has drawn.
func (c *Console) WaitFor(what string, limit time.Duration, see func(screen string) bool) (string, error) {
	late := time.After(limit)
	for {
		text, drawn := c.look()
		if see(text) {
			return text, nil
		}
		select {
		case <-drawn:
		case <-c.Gone():
			return text, fmt.Errorf("%s ended with code %d before it showed %s:\n%s", c.Name, c.ExitCode(), what, text)
		case <-late:
			return text, fmt.Errorf("%s did not show %s within %s:\n%s", c.Name, what, limit, text)
		}
	}
}

// Settle waits until nothing was drawn for a while: the picture is whole.
func (c *Console) Settle(quiet time.Duration) {
	for {
		_, drawn := c.look()
		select {
		case <-drawn:
		case <-c.Gone():
			return
		case <-time.After(quiet):
			return
		}
	}
}

// Press sends keys: enter, esc, tab, ctrl-c, ctrl-r by name, anything else as it is.
func (c *Console) Press(keys ...string) error {
	for _, k := range keys {
		if _, err := io.WriteString(c.pty, keyBytes(k)); err != nil {
			return fmt.Errorf("press %s: %w", k, err)
		}
	}
	return nil
}

func keyBytes(key string) string {
	switch key {
	case "enter":
		return "\r"
	case "esc":
		return "\x1b"
	case "tab":
		return "\t"
	case "ctrl-c":
		return "\x03"
	case "ctrl-r":
		return "\x12"
	default:
		return key
	}
}

// Resize changes the size of the terminal under the running program.
func (c *Console) Resize(cols, rows int) error {
	c.mu.Lock()
	c.screen.Resize(cols, rows)
	c.mu.Unlock()
	raw, err := c.pty.SyscallConn()
	if err == nil {
		bad := raw.Control(func(fd uintptr) {
			err = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Col: uint16(cols), Row: uint16(rows)})
		})
		err = errors.Join(err, bad)
	}
	if err != nil {
		return fmt.Errorf("resize %s: %w", c.Name, err)
	}
	return nil
}

// Wait waits for the program to end by itself and returns its exit code.
func (c *Console) Wait(limit time.Duration) (int, error) {
	select {
	case <-c.Gone():
		return c.ExitCode(), nil
	case <-time.After(limit):
		return -1, errors.New(c.Name + " has not ended")
	}
}

// Stop ends the program and closes the terminal.
func (c *Console) Stop() {
	c.Child.Stop()
	_ = c.pty.Close()
	c.done.Wait()
}
