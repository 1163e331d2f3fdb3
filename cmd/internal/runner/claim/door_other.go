//go:build !linux

package claim

import (
	"context"
	"errors"
	"time"

	"rampart/cmd/internal/runner/lease"
)

// errFree says that nobody has a name.
var errFree = errors.New("nobody has it")

// door is nothing here: no name of this system is everybody's and ends with its process. The lease is all there is.
type door struct{}

func open(string, lease.Holder, func(lease.Holder, Peer) error) (*door, error) { return &door{}, nil }

func (*door) look() *lease.Holder { return nil }

func (*door) close() {}

type caller struct {
	peer Peer
	by   lease.Holder
}

func ring(context.Context, string) (*caller, error) { return &caller{}, errFree }

func (*caller) hear(time.Time) (line, error) { return line{}, errFree }

func (*caller) ask(lease.Holder) error { return errFree }

func (*caller) through() bool { return false }

func (*caller) close() {}

func taken(error) bool { return false }
