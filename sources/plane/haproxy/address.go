package haproxy

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// address is where a member's runtime API listens.
type address struct {
	scheme string // unix, tcp or ssh
	user   string // ssh only; may be empty
	host   string // host:port of tcp and ssh
	path   string // socket file of unix and ssh
}

func parseAddress(s string) (address, error) {
	if strings.HasPrefix(s, "/") {
		return address{scheme: "unix", path: s}, nil
	}
	u, err := url.Parse(s)
	if err != nil {
		return address{}, errors.New("not an address; want unix:///path, tcp://host:port or ssh://user@host/path.sock")
	}
	if _, has := u.User.Password(); has {
		return address{}, errors.New("a password does not belong into an address; ssh:// members use the agent")
	}
	switch u.Scheme {
	case "unix":
		return unixAddress(u)
	case "tcp":
		return tcpAddress(u)
	case "ssh":
		return sshAddress(u)
	}
	return address{}, fmt.Errorf("%q: want unix:///path, tcp://host:port or ssh://user@host/path.sock", s)
}

func unixAddress(u *url.URL) (address, error) {
	if u.Host != "" || u.Path == "" {
		return address{}, fmt.Errorf("%q: want three slashes and a path, unix:///run/haproxy/admin.sock", u.Redacted())
	}
	return address{scheme: "unix", path: u.Path}, nil
}

func tcpAddress(u *url.URL) (address, error) {
	if u.Hostname() == "" || u.Port() == "" || strings.Trim(u.Path, "/") != "" {
		return address{}, fmt.Errorf("%q: want tcp://host:port", u.Redacted())
	}
	return address{scheme: "tcp", host: u.Host}, nil
}

func sshAddress(u *url.URL) (address, error) {
	if u.Hostname() == "" || len(u.Path) < 2 {
		return address{}, fmt.Errorf("%q: want ssh://user@host/path.sock, with the socket's path on that host", u.Redacted())
	}
	port := u.Port()
	if port == "" {
		port = "22"
	}
	return address{scheme: "ssh", user: u.User.Username(), host: net.JoinHostPort(u.Hostname(), port), path: u.Path}, nil
}
