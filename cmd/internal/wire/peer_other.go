//go:build !linux

package wire

import (
	"net"
	"os"
)

// kernelSays takes the caller for this process's own user: the socket's mode lets nobody else open it.
func kernelSays(net.Conn) (credentials, error) { return credentials{uid: os.Getuid()}, nil }
