package wire

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"time"

	"rampart/sources"
)

// sshCommand is what reaches another machine: a rampart there that pipes its own streams to the runner's socket, so that
// the runner sees the ssh user as the socket's peer. Nothing of an address can become an option or a second command.
func sshCommand(u *url.URL, program []string) ([]string, error) {
	command := []string{"ssh", "-T", "-C"} // a frame is some 400 kB of text, a fifth of that packed
	if program != nil {
		command = append([]string(nil), program...)
	}
	if u.Port() != "" {
		command = append(command, "-p", u.Port())
	}
	host := u.Hostname()
	if user := u.User.Username(); user != "" {
		host = user + "@" + host
	}
	if _, secret := u.User.Password(); secret || strings.HasPrefix(host, "-") || strings.ContainsAny(host, " '\"\\$`;&|<>()\t\n") {
		return nil, badAddress("ssh://" + u.Hostname())
	}
	command = append(command, "--", host, "rampart", "attach", "--stdio")
	if u.Path != "" {
		command = append(command, "'"+strings.ReplaceAll(u.Path, "'", `'\''`)+"'")
	}
	return command, nil
}

// process is a connection over the streams of a program. Its deadlines do nothing; closing it ends the program.
type process struct {
	io.Reader
	io.WriteCloser
	cmd    *exec.Cmd
	kill   context.CancelFunc
	said   *tail // on stderr
	once   sync.Once
	ended  error
	target string
}

// start runs a program until ctx ends or the connection is closed.
func start(ctx context.Context, command []string) (net.Conn, error) {
	ctx, kill := context.WithCancel(ctx)
	p := &process{cmd: exec.CommandContext(ctx, command[0], command[1:]...), kill: kill, said: &tail{}, target: command[0]}
	p.cmd.WaitDelay = time.Second // a master connection of ssh may keep stderr open
	p.cmd.Stderr = p.said
	in, err := p.cmd.StdinPipe()
	if err == nil {
		p.WriteCloser = in
		p.Reader, err = p.cmd.StdoutPipe()
	}
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		kill()
		return nil, err
	}
	return p, nil
}

// Read says at the end what the program said of it.
func (p *process) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	if n == 0 && err != nil {
		return 0, p.why(err)
	}
	return n, err
}

// Write says as well what the program said: one that ends at once may be noticed by whoever asks before it is by the reader.
func (p *process) Write(b []byte) (int, error) {
	n, err := p.WriteCloser.Write(b)
	if err != nil {
		return n, p.why(err)
	}
	return n, nil
}

// lastWords is how long a program that closed a stream has to end by itself.
const lastWords = time.Second

// why is what a program that no longer reads or writes said at its end, and err where it said nothing.
func (p *process) why(err error) error {
	defer time.AfterFunc(lastWords, p.kill).Stop()
	p.wait()
	if said := p.said.String(); said != "" {
		return fmt.Errorf("%s: %s", p.target, said)
	}
	return err
}

// Close ends the program.
func (p *process) Close() error {
	_ = p.WriteCloser.Close() // it ends by itself then, and otherwise by force
	p.kill()
	p.wait()
	return nil
}

func (p *process) wait() { p.once.Do(func() { p.ended = p.cmd.Wait() }) }

// LocalAddr names nothing.
func (p *process) LocalAddr() net.Addr { return &net.UnixAddr{Net: "unix", Name: p.target} }

// RemoteAddr names the program.
func (p *process) RemoteAddr() net.Addr { return p.LocalAddr() }

// SetDeadline does nothing: requests end with their contexts, which close the connection.
func (p *process) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (p *process) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (p *process) SetWriteDeadline(time.Time) error { return nil }

// tail keeps the end of what a program says.
type tail struct {
	mu  sync.Mutex
	end []byte
}

const mostSaid = 512

// Write keeps the newest bytes.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.end = append(t.end, b...)
	if over := len(t.end) - mostSaid; over > 0 {
		t.end = append([]byte(nil), t.end[over:]...)
	}
	return len(b), nil
}

// String is the last line, harmless.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := bytes.TrimSpace(t.end)
	return sources.Visible(string(text[bytes.LastIndexByte(text, '\n')+1:]))
}

// Pipe joins two streams to a runner's socket on this machine, until the runner closes: the far end of ssh://.
func Pipe(ctx context.Context, address string, in io.Reader, out io.Writer) error {
	path, ok := strings.CutPrefix(address, "unix://")
	if !ok {
		return badAddress(address)
	}
	c, err := (&net.Dialer{}).DialContext(ctx, "unix", path)
	if err != nil {
		return &sources.Error{Op: "attach", Target: address, Kind: sources.ErrUnreachable, Cause: err, Fix: "is a runner there? rampart run"}
	}
	defer c.Close()
	defer context.AfterFunc(ctx, func() { c.Close() })()
	go func() {
		_, _ = io.Copy(c, in) // its end is told to the runner, which then ends the other direction
		if half, ok := c.(*net.UnixConn); ok {
			_ = half.CloseWrite()
		}
	}()
	if _, err := io.Copy(out, c); err != nil && ctx.Err() == nil {
		return &sources.Error{Op: "attach", Target: address, Kind: sources.ErrUnreachable, Cause: err}
	}
	return nil
}
