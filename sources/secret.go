package sources

import (
	"context"
	"errors"
	"strings"
)

// Secret is a credential that is read when it is used: from a file, a command or the environment. Whoever holds one
// never prints it, keeps it no longer than a request, and asks for a fresh one when the old one was refused.
type Secret interface {
	// Get returns the value. With fresh set it is read again where it lives instead of from memory. Errors name the
	// place, never the value.
	Get(ctx context.Context, fresh bool) (string, error)
}

// Reveal reads a secret for one request. One that cannot be read, or that would break a header, is a denial that its
// owner must mend; the error never holds the value.
func Reveal(ctx context.Context, s Secret, fresh bool) (string, error) {
	v, err := s.Get(ctx, fresh)
	switch {
	case err != nil:
		return "", &Error{Kind: ErrDenied, Cause: err, Fix: "see that the secret can be read"}
	case strings.ContainsAny(v, "\r\n\x00"):
		return "", &Error{Kind: ErrDenied, Cause: errors.New("the secret has a line end within"), Fix: "see what the secret's file or command holds"}
	}
	return v, nil
}
