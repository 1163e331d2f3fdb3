package wire

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os/user"
	"strconv"

	"rampart/sources"
)

// actorHeader is the name that a caller claims.
const actorHeader = "Rampart-Actor"

// credentials are what the kernel says of the other end.
type credentials struct{ uid, pid int }

type peerKey struct{}

// withCredentials keeps what the kernel said when the connection was made, for all of its requests.
func withCredentials(ctx context.Context, c net.Conn, ask func(net.Conn) (credentials, error)) context.Context {
	cred, err := ask(c)
	if err != nil {
		return ctx
	}
	return context.WithValue(ctx, peerKey{}, cred)
}

// peerOf says who makes a request. A claimed name is believed only from whom the host trusts; otherwise it is kept
// beside the true one, because on a shared account it is the only trace of a person.
func peerOf(r *http.Request, h Host) (Peer, error) {
	cred, ok := r.Context().Value(peerKey{}).(credentials)
	if !ok {
		return Peer{}, fmt.Errorf("attach: the socket does not tell who is calling: %w", sources.ErrDenied)
	}
	p := Peer{UID: cred.uid, Name: userOf(cred.uid)}
	p.From = fmt.Sprintf("socket, %s (uid %d)", p.Name, cred.uid)
	if cred.pid > 0 {
		p.From += fmt.Sprintf(", process %d", cred.pid)
	}
	claim := sources.Visible(r.Header.Get(actorHeader))
	if len(claim) > 64 {
		return Peer{}, fmt.Errorf("attach: a name of %d bytes: %w", len(claim), sources.ErrInvalid)
	}
	switch {
	case claim == "" || claim == p.Name:
	case h.Trust(cred.uid):
		p.Name = claim
	default:
		p.From += ", claims to be " + claim
	}
	return p, nil
}

// userOf is the name of a user, or their number where nobody knows the name.
func userOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}
