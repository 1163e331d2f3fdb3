package road

import (
	"context"
	"net/http"

	"rampart/sources"
)

// Identity is who we are to a server: nothing of it, or several at once, as a gateway before the server may want.
type Identity struct {
	APIKey, Bearer sources.Secret
	Basic          *Basic
	Headers        map[string]sources.Secret
}

// Basic is a user and a password (RFC 7617).
type Basic struct {
	Username string
	Password sources.Secret
}

// Any tells whether there is anything that could be refused and asked for again.
func (i Identity) Any() bool {
	return i.APIKey != nil || i.Bearer != nil || i.Basic != nil || len(i.Headers) > 0
}

// Add reveals who we are to a request; fresh reads each secret again where it lives. Which hosts may know is the
// caller's to check first.
func (i Identity) Add(ctx context.Context, to http.Header, fresh bool) error {
	for _, one := range []struct {
		scheme string
		secret sources.Secret
	}{{"ApiKey ", i.APIKey}, {"Bearer ", i.Bearer}} {
		if err := set(ctx, to, "Authorization", one.scheme, one.secret, fresh); err != nil {
			return err
		}
	}
	if i.Basic != nil {
		password, err := sources.Reveal(ctx, i.Basic.Password, fresh)
		if err != nil {
			return err
		}
		(&http.Request{Header: to}).SetBasicAuth(i.Basic.Username, password)
	}
	for name, secret := range i.Headers {
		if err := set(ctx, to, name, "", secret, fresh); err != nil {
			return err
		}
	}
	return nil
}

func set(ctx context.Context, to http.Header, name, scheme string, secret sources.Secret, fresh bool) error {
	if secret == nil {
		return nil
	}
	value, err := sources.Reveal(ctx, secret, fresh)
	if err != nil {
		return err
	}
	to.Set(name, scheme+value)
	return nil
}
