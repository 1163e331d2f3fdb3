package haproxy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"

	"rampart/sources"
)

// tunnel keeps one SSH connection to a host and opens the socket there by direct-streamlocal, one channel for each
// exchange. It dials again when the connection is gone; that is safe because no command was sent yet. Planes that look
// together share it: what one of them gives up is closed when the exchanges of the others over it are done.
type tunnel struct {
	addr  address
	conf  SSH
	login chan struct{} // holds one while somebody logs in

	mu   sync.Mutex
	line *line
}

// line is a connection that was logged in; its tunnel's lock guards the rest.
type line struct {
	client *ssh.Client
	users  int  // exchanges over it
	given  bool // up: closed by the last of them
}

// channel is one exchange over a line.
type channel struct {
	net.Conn
	release func()
}

// Close ends the exchange.
func (c *channel) Close() error {
	defer c.release()
	return c.Conn.Close()
}

func newTunnel(a address, c SSH) *tunnel {
	return &tunnel{addr: a, conf: c, login: make(chan struct{}, 1)}
}

func (t *tunnel) dial(ctx context.Context) (net.Conn, error) {
	l, kept, err := t.connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, err := l.client.DialContext(ctx, "unix", t.addr.path)
	release := sync.OnceFunc(func() { t.release(l) })
	if err == nil {
		return &channel{conn, release}, nil
	}
	defer release()
	if refused, ok := errors.AsType[*ssh.OpenChannelError](err); ok {
		return nil, &sources.Error{
			Op: "open", Target: t.addr.path, Kind: sources.ErrUnreachable, Cause: refused,
			Fix: "the SSH server would not open the socket: it must exist, be readable for the user, and AllowStreamLocalForwarding must be on",
		}
	}
	t.giveUp(l) // also after a deadline: a link that died in silence would hang for a quarter of an hour
	if !kept || ctx.Err() != nil {
		return nil, err
	}
	return t.dial(ctx)
}

// connect returns the kept connection, or a new one; kept says which. Its user must release it.
func (t *tunnel) connect(ctx context.Context) (l *line, kept bool, err error) {
	if l = t.use(); l != nil {
		return l, true, nil
	}
	select {
	case t.login <- struct{}{}:
		defer func() { <-t.login }()
	case <-ctx.Done():
		return nil, false, ctx.Err()
	}
	if l = t.use(); l != nil {
		return l, true, nil // somebody else has just logged in
	}
	c, err := t.logIn(ctx)
	if err != nil {
		return nil, false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.line = &line{client: c, users: 1}
	return t.line, false, nil
}

// use takes the kept connection; nil: there is none.
func (t *tunnel) use() *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.line != nil {
		t.line.users++
	}
	return t.line
}

// giveUp lets nobody else use a connection.
func (t *tunnel) giveUp(l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.given = true; t.line == l {
		t.line = nil
	}
}

func (t *tunnel) release(l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.users--; l.users == 0 && l.given {
		_ = l.client.Close() // it is broken already
	}
}

func (t *tunnel) logIn(ctx context.Context) (*ssh.Client, error) {
	signers, closeAgent, err := t.signers(ctx)
	if err != nil {
		return nil, err
	}
	defer closeAgent()
	hosts, err := t.hostKeys()
	if err != nil {
		return nil, err
	}
	name, err := t.userName()
	if err != nil {
		return nil, err
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", t.addr.host)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	c, chans, reqs, err := ssh.NewClientConn(conn, t.addr.host, &ssh.ClientConfig{
		User: name, Auth: []ssh.AuthMethod{ssh.PublicKeysCallback(signers)},
		HostKeyCallback: hosts, HostKeyAlgorithms: knownAlgorithms(hosts, t.addr.host),
	})
	if err != nil {
		conn.Close()
		return nil, t.loginError(ctx, name, err)
	}
	return ssh.NewClient(c, chans, reqs), nil
}

func (t *tunnel) loginError(ctx context.Context, name string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &sources.Error{Op: "log in", Target: name + "@" + t.addr.host, Kind: sources.ErrDenied, Cause: err}
	if key, ok := errors.AsType[*knownhosts.KeyError](err); ok {
		e.Fix = "the host's key is not in known_hosts: log in once by ssh and check its fingerprint"
		if len(key.Want) > 0 {
			e.Fix = "the host shows another key than known_hosts has: somebody may be in between"
		}
	} else if _, ok := errors.AsType[net.Error](err); ok {
		e.Kind = sources.ErrUnreachable
	} else {
		e.Fix = "the agent has no key that this user may log in with: see ssh-add -l"
	}
	return e
}

func (t *tunnel) signers(ctx context.Context) (func() ([]ssh.Signer, error), func(), error) {
	path := t.conf.Agent
	if path == "" {
		path = os.Getenv("SSH_AUTH_SOCK")
	}
	deny := func(cause error) error {
		return &sources.Error{Op: "ask agent", Target: t.addr.host, Kind: sources.ErrDenied, Cause: cause, Fix: "start an SSH agent and add a key: ssh-add"}
	}
	if path == "" {
		return nil, nil, deny(errors.New("SSH_AUTH_SOCK is not set"))
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, nil, deny(err)
	}
	return agent.NewClient(conn).Signers, func() { conn.Close() }, nil
}

func (t *tunnel) hostKeys() (ssh.HostKeyCallback, error) {
	files := t.conf.KnownHosts
	if len(files) == 0 {
		files = []string{"/etc/ssh/ssh_known_hosts"}
		if home, err := os.UserHomeDir(); err == nil {
			files = append(files, filepath.Join(home, ".ssh", "known_hosts"))
		}
		files = slices.DeleteFunc(files, func(f string) bool { _, err := os.Stat(f); return errors.Is(err, fs.ErrNotExist) })
	}
	if len(files) == 0 {
		return nil, &sources.Error{
			Op: "read", Target: "known_hosts", Kind: sources.ErrDenied, Cause: errors.New("no file of trusted hosts"),
			Fix: "log in to " + t.addr.host + " once by ssh",
		}
	}
	keys, err := knownhosts.New(files...)
	if err != nil {
		return nil, &sources.Error{Op: "read", Target: "known_hosts", Kind: sources.ErrInvalid, Cause: err}
	}
	return keys, nil
}

func (t *tunnel) userName() (string, error) {
	if t.addr.user != "" {
		return t.addr.user, nil
	}
	u, err := user.Current()
	if err != nil {
		return "", fmt.Errorf("who am i: %w", err)
	}
	return u.Username, nil
}

// knownAlgorithms asks the host only for kinds of keys that known_hosts has of it: otherwise it may show a key of
// another kind, and a host that is known would look like a stranger.
func knownAlgorithms(hosts ssh.HostKeyCallback, addr string) []string {
	var unknown *knownhosts.KeyError
	if !errors.As(hosts(addr, &net.TCPAddr{IP: net.IPv4zero}, noKey{}), &unknown) {
		return nil
	}
	var algorithms []string
	for _, k := range unknown.Want {
		if k.Key.Type() == ssh.KeyAlgoRSA {
			algorithms = append(algorithms, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
			continue
		}
		algorithms = append(algorithms, k.Key.Type())
	}
	return algorithms
}

// noKey is a key that no host has.
type noKey struct{}

// Type is that of no key exchange.
func (noKey) Type() string { return "none" }

// Marshal is no key's encoding.
func (noKey) Marshal() []byte { return []byte("none") }

// Verify refuses every signature.
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }
