package sources

import (
	"errors"
	"fmt"
	"time"
)

// The kinds of failure. Retry, wording and exit codes are decided by kind with errors.Is, never by text.
var (
	ErrUnreachable = errors.New("unreachable")          // nothing answered; nothing was done; try again later
	ErrDenied      = errors.New("denied")               // no identity or no right; do not try again as we are
	ErrConflict    = errors.New("conflict")             // what was seen no longer holds; read again and ask again
	ErrNoData      = errors.New("no data")              // asked and answered, but nothing matched
	ErrPartial     = errors.New("partial")              // some members or shards failed
	ErrInvalid     = errors.New("invalid")              // the request itself is wrong; trying again cannot help
	ErrThrottled   = errors.New("throttled")            // asked to come back later
	ErrAmbiguous   = errors.New("outcome not known")    // sent, but no answer: only a read can tell
	ErrUnsupported = errors.New("not supported")        // the plane has no such ability
	ErrIgnored     = errors.New("accepted but ignored") // no effect within the time that the plane needs
	ErrReverted    = errors.New("reverted")             // it held, then somebody undid it
)

// Error is a failure with its place: `op target: cause`. Cause text from outside is kept as [Text].
type Error struct {
	Op, Target string
	Kind       error         // one of the kinds above
	Cause      error         // what failed, without secrets
	Fix        string        // what to do, in one sentence; may be empty
	RetryAfter time.Duration // for ErrThrottled: how long the source asked to wait
	Sent       bool          // whether a write may have left this process
}

// Error prints `op target: kind: cause (fix)`.
func (e *Error) Error() string {
	s := e.Op + " " + Visible(e.Target) + ": "
	switch {
	case e.Kind != nil && e.Cause != nil:
		s += fmt.Sprintf("%v: %s", e.Kind, Visible(e.Cause.Error()))
	case e.Cause != nil:
		s += Visible(e.Cause.Error())
	default:
		s += fmt.Sprint(e.Kind)
	}
	if e.Fix != "" {
		s += " (" + e.Fix + ")"
	}
	return s
}

// Unwrap lets errors.Is find both the kind and the cause.
func (e *Error) Unwrap() []error {
	var out []error
	for _, err := range []error{e.Kind, e.Cause} {
		if err != nil {
			out = append(out, err)
		}
	}
	return out
}

// Retryable tells whether the same request may succeed later without anyone's help.
func Retryable(err error) bool {
	return errors.Is(err, ErrUnreachable) || errors.Is(err, ErrThrottled) || errors.Is(err, ErrPartial)
}
