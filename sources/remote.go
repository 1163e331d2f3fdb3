package sources

import (
	"errors"
	"net"
	"strings"
)

// remote is a network failure told from the other end alone.
type remote struct {
	error
	text string
}

// Error is the failure without our end of the connection.
func (r *remote) Error() string { return r.text }

// Unwrap gives the failure as it came.
func (r *remote) Unwrap() error { return r.error }

// Remote leaves our own end out of a network failure: its port is another one each time, so that the same failure would
// read differently each time and look like a change.
func Remote(err error) error {
	op, ok := errors.AsType[*net.OpError](err)
	if !ok || op.Source == nil {
		return err
	}
	ours := op.Source.String()
	text := strings.ReplaceAll(err.Error(), " "+ours+"->", " ")
	return &remote{err, strings.ReplaceAll(text, " "+ours, "")}
}
