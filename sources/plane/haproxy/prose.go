package haproxy

import (
	"errors"
	"strings"

	"rampart/sources"
)

// prose is what HAProxy says when it refuses, by how it begins (2.4 to 3.x), with what that means. There are no codes.
var prose = []struct {
	says string
	kind error
	fix  string
}{
	{"Permission denied", sources.ErrDenied, "the stats socket line needs level admin to write"},
	{"No such server", sources.ErrConflict, "the server is gone since it was read: read again"},
	{"No such backend", sources.ErrInvalid, noBackend},
	{"No such proxy", sources.ErrInvalid, noBackend},
	{"Can't find backend", sources.ErrInvalid, noBackend},
	{"Backend is using a static LB algorithm", sources.ErrUnsupported, "only 0 % and 100 % can be set; balance roundrobin takes any weight"},
	{"Absolute weight can only be", sources.ErrInvalid, ""},
	{"Relative weight", sources.ErrInvalid, ""},
	{"Empty weight", sources.ErrInvalid, ""},
	{"Unknown command", sources.ErrUnsupported, "this HAProxy does not know the command: it is older than 2.4, or the socket is not its runtime API"},
	{"Require ", sources.ErrInvalid, ""},
}

// noBackend is what to do about a name that HAProxy does not know.
const noBackend = "see backend: in the config"

// unread turns prose in the place of a backend's statistics into an error, which names the backend.
func unread(member, answer, backend string) error {
	err := refusal("read", member, answer)
	if e, ok := errors.AsType[*sources.Error](err); ok && e.Fix == noBackend {
		e.Fix = "it has no backend " + sources.Visible(backend) + ": " + noBackend
	}
	return err
}

// refusal turns an answer that should have been empty into an error.
func refusal(op, member, answer string) error {
	answer = strings.TrimSpace(answer)
	e := &sources.Error{Op: op, Target: member, Kind: sources.ErrInvalid, Cause: errors.New(shorten(firstLine(answer))), Sent: op == "write"}
	for _, p := range prose {
		if strings.HasPrefix(answer, p.says) {
			e.Kind, e.Fix = p.kind, p.fix
			return e
		}
	}
	return e
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
