package wire

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Options are how a client calls.
type Options struct {
	Service string   // the one to show first; empty: the runner's first
	Actor   string   // who acts, where that is not the user of this process; a claim unless the runner trusts us
	SSH     []string // the program that reaches another machine; ssh -T when nil
	Now     func() time.Time
	// ReadOnly makes a console that looks: it sends no action, whatever its user may do.
	ReadOnly bool
}

// Client is a console's end of the wire. As a feed it is for one reader; all else may be called from many goroutines.
type Client struct {
	ctx     context.Context
	address string
	options Options
	http    *http.Client
	start   sync.Once

	mu      sync.Mutex
	service string
	turned  int                     // how often the console turned to another service
	cut     context.CancelCauseFunc // ends the stream at hand
	newest  *frame.Frame
	last    *frame.Frame // the newest that the runner sent
	heard   time.Time    // when the runner last said anything
	since   time.Time    // since when it is away
	skew    time.Duration
	seq     uint64
	fresh   chan struct{}
	seen    uint64 // of the one reader
	leave   string // to read lines of the service without masks
}

// New makes a client that has asked nothing yet. Its connections end with ctx. The address is unix:///path or
// ssh://user@host:port/path, where the path is that of the socket there and may be left out.
func New(ctx context.Context, address string, o Options) (*Client, error) {
	connect, err := connector(ctx, address, o)
	if err != nil {
		return nil, err
	}
	return newClient(ctx, address, o, connect), nil
}

func newClient(ctx context.Context, address string, o Options, connect func(context.Context) (net.Conn, error)) *Client {
	if o.Now == nil {
		o.Now = time.Now
	}
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			c, err := connect(ctx)
			if err != nil {
				return nil, &noRoad{err}
			}
			return c, nil
		},
		MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, DisableCompression: true,
	}
	c := &Client{ctx: ctx, address: address, options: o, http: &http.Client{Transport: transport, CheckRedirect: stay}, service: o.Service, fresh: make(chan struct{})}
	context.AfterFunc(ctx, transport.CloseIdleConnections)
	return c
}

// warm is how often a road that is slow to open is used, so that it is not closed: sooner than either side would.
const warm = 40 * time.Second

// keepWarm holds a second connection beside the one of the frames. One through ssh takes some ten round trips and a login,
// which is longer than a runner may take for a rollback.
func (c *Client) keepWarm() {
	tick := time.NewTicker(warm)
	defer tick.Stop()
	for {
		_, _ = c.Hello(c.ctx) // the frames tell when nobody is there
		select {
		case <-tick.C:
		case <-c.ctx.Done():
			return
		}
	}
}

// Dial calls a runner and greets it. ErrUnreachable: nobody listens; ErrUnsupported: it is of another version, which is
// said in plain words; ErrInvalid: it drives no such service.
func Dial(ctx context.Context, address string, o Options) (*Client, error) {
	c, err := New(ctx, address, o)
	if err != nil {
		return nil, err
	}
	return c, c.greet(ctx)
}

// greet asks who is there and settles what to look at.
func (c *Client) greet(ctx context.Context) error {
	h, err := c.Hello(ctx)
	if err != nil {
		return err
	}
	if ours := Shape(); h.Wire != ours {
		return otherShape(h.Wire, h.Version, ours)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell(h.Now)
	if c.service == "" && len(h.Services) > 0 {
		c.service = h.Services[0]
	}
	return h.knows(c.service)
}

// Hello asks who is there. It works with any version.
func (c *Client) Hello(ctx context.Context) (Hello, error) {
	var h Hello
	ctx, cancel := context.WithTimeout(ctx, Away)
	defer cancel()
	b, err := c.call(ctx, http.MethodGet, "/v1/hello", nil)
	if err != nil {
		return h, err
	}
	if err := json.Unmarshal(b, &h); err != nil { // not strict: a newer runner may say more
		return h, &sources.Error{Op: "attach", Target: c.address, Kind: sources.ErrInvalid, Cause: fmt.Errorf("its greeting: %w", err)}
	}
	return h, nil
}

// knows refuses a service that the runner does not drive.
func (h Hello) knows(service string) error {
	for _, s := range h.Services {
		if s == service {
			return nil
		}
	}
	return fmt.Errorf("service %q: not driven by this runner (%s): %w", sources.Visible(service), sources.Visible(strings.Join(h.Services, ", ")), sources.ErrInvalid)
}

// noRoad says that nothing was sent, because there was no connection.
type noRoad struct{ err error }

// Error is the cause's.
func (n *noRoad) Error() string { return n.err.Error() }

// Unwrap gives the cause.
func (n *noRoad) Unwrap() error { return n.err }

// connector says how an address is reached.
func connector(life context.Context, address string, o Options) (func(context.Context) (net.Conn, error), error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, badAddress(address)
	}
	switch {
	case u.Scheme == "unix" && u.Host == "" && u.Path != "":
		return func(ctx context.Context) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", strings.TrimPrefix(address, "unix://"))
		}, nil
	case u.Scheme == "ssh" && u.Hostname() != "":
		command, err := sshCommand(u, o.SSH)
		if err != nil {
			return nil, err
		}
		return func(context.Context) (net.Conn, error) { return start(life, command) }, nil
	}
	return nil, badAddress(address)
}

func badAddress(address string) error {
	return &sources.Error{Op: "attach", Target: address, Kind: sources.ErrInvalid, Cause: errors.New("want unix:///path or ssh://host")}
}

// stay follows no redirection: a runner sends none, and an answer that does is not one.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
