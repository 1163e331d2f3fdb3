package sources

import "context"

// Secret is a credential that is read when it is used: from a file, a command or the environment. Whoever holds one
// never prints it, keeps it no longer than a request, and asks for a fresh one when the old one was refused.
type Secret interface {
	// Get returns the value. With fresh set it is read again where it lives instead of from memory. Errors name the
	// place, never the value.
	Get(ctx context.Context, fresh bool) (string, error)
}
