package haproxy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"time"

	"rampart/sources"
)

// maxAnswer bounds what is read of one answer; 10 000 servers need about 4 MB.
const maxAnswer = 16 << 20

// socket is the runtime API of one member: one connection for each exchange, which HAProxy closes after its answer.
type socket struct {
	member  string
	dial    dial
	timeout time.Duration
}

func newSocket(raw string, c Config) (*socket, error) {
	a, err := parseAddress(raw)
	if err != nil {
		return nil, err
	}
	timeout := c.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	return &socket{member: raw, dial: newDial(a, c.SSH), timeout: timeout}, nil
}

// exchange sends one line and returns all that comes back. Its error says in Sent whether the line may have arrived.
func (s *socket) exchange(ctx context.Context, op, line string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	conn, err := s.dial(ctx)
	if err != nil {
		return "", dialError(op, s.member, err)
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer func() {
		if stop() {
			conn.Close()
		}
	}()
	n, err := io.WriteString(conn, line+"\n")
	if err != nil {
		return "", s.broken(ctx, op, "the line", err, n > 0)
	}
	b, err := io.ReadAll(io.LimitReader(conn, maxAnswer))
	if err == nil {
		err = ctx.Err() // a channel that we closed ends like an answer
	}
	if err == nil && len(b) == 0 {
		err = io.ErrUnexpectedEOF // every answer ends in a line: nothing at all is a member that went away
	}
	if err != nil {
		return "", s.broken(ctx, op, fmt.Sprintf("the answer, after %d bytes", len(b)), err, true)
	}
	return string(b), nil
}

func (s *socket) broken(ctx context.Context, op, what string, err error, sent bool) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("no end within %s: %w", s.timeout, err)
	}
	return &sources.Error{Op: op, Target: s.member, Kind: sources.ErrUnreachable, Cause: fmt.Errorf("%s: %w", what, err), Sent: sent}
}

// write sends commands joined by ";", in order, and returns one answer for each. HAProxy carries on after a command
// that failed. An error means that some answers are not known; the known ones come with it.
func (s *socket) write(ctx context.Context, commands []string) ([]string, error) {
	text, err := s.exchange(ctx, "write", strings.Join(commands, "; "))
	if err != nil {
		if e, ok := errors.AsType[*sources.Error](err); ok && e.Sent {
			e.Kind = sources.ErrAmbiguous
		}
		return nil, err
	}
	answers := splitAnswers(text)
	if len(answers) != len(commands) {
		return answers, &sources.Error{
			Op: "write", Target: s.member, Kind: sources.ErrAmbiguous, Sent: true,
			Cause: fmt.Errorf("%d answers to %d commands: %q", len(answers), len(commands), shorten(text)),
		}
	}
	return answers, nil
}

// splitAnswers cuts what came back into the answers of commands that print nothing on success. An answer is an empty
// line, or text up to an empty line. What has no end is no answer.
func splitAnswers(text string) []string {
	var answers []string
	for text != "" {
		if rest, empty := strings.CutPrefix(text, "\n"); empty {
			answers, text = append(answers, ""), rest
			continue
		}
		body, rest, whole := strings.Cut(text, "\n\n")
		if !whole {
			return answers
		}
		answers, text = append(answers, body), rest
	}
	return answers
}

func shorten(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

// dial opens one connection to a member's runtime API.
type dial func(ctx context.Context) (net.Conn, error)

func newDial(a address, c SSH) dial {
	switch a.scheme {
	case "ssh":
		return newTunnel(a, c).dial
	case "tcp":
		return netDial("tcp", a.host)
	default:
		return netDial("unix", a.path)
	}
}

func netDial(network, addr string) dial {
	return func(ctx context.Context) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, addr)
	}
}

// dialError places a failure to connect: nothing has been sent.
func dialError(op, member string, err error) error {
	if known, ok := errors.AsType[*sources.Error](err); ok {
		return known
	}
	e := &sources.Error{Op: op, Target: member, Kind: sources.ErrUnreachable, Cause: err}
	switch {
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.Fix = sources.ErrDenied, "join the group that may use the socket, or ask for another mode= on its stats socket line"
	case errors.Is(err, fs.ErrNotExist):
		e.Fix = "no such socket: HAProxy is not running there, or its stats socket line names another path"
	case errors.Is(err, syscall.ECONNREFUSED):
		e.Fix = "nothing listens there: HAProxy is down or was started anew with another socket"
	}
	return e
}
