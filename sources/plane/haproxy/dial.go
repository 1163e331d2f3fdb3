package haproxy

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"syscall"

	"rampart/sources"
)

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
