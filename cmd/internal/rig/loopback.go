package rig

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os/exec"
	"time"
)

// Missing says which program the rig cannot run here, and why.
type Missing struct {
	Program string
	Why     string
}

func (m *Missing) Error() string { return fmt.Sprintf("%s is not here: %s", m.Program, m.Why) }

// find returns the program's path; administrators' programs are often not on a user's PATH.
func find(program string) (string, error) {
	for _, place := range []string{program, "/usr/sbin/" + program, "/usr/local/sbin/" + program} {
		if path, err := exec.LookPath(place); err == nil {
			return path, nil
		}
	}
	return "", &Missing{Program: program, Why: "not installed; .ci/install brings it"}
}

// listen takes a free loopback port; whoever serves on it closes it.
func listen() (net.Listener, error) {
	return new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
}

// dial connects within a second: everything the rig talks to is on this machine.
func dial(network, addr string) (net.Conn, error) {
	return (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), network, addr)
}

// stop is an error that more waiting cannot mend.
type stop struct{ error }

// Until asks ten times a second until ask gives no error, and returns the last error when the limit has passed.
func Until(limit time.Duration, ask func() error) error {
	deadline := time.Now().Add(limit)
	for {
		err := ask()
		if err == nil {
			return nil
		}
		var final stop
		if errors.As(err, &final) {
			return final.error
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("not within %s: %w", limit, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
