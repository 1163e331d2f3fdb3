package wire

import (
	"fmt"
	"net"
	"syscall"
)

// kernelSays asks the kernel who opened the other end of a unix socket (SO_PEERCRED, unix(7)).
func kernelSays(c net.Conn) (credentials, error) {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return credentials{}, fmt.Errorf("peer of %T: not a unix socket", c)
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return credentials{}, fmt.Errorf("peer: %w", err)
	}
	var cred *syscall.Ucred
	var asked error
	if err := raw.Control(func(fd uintptr) {
		cred, asked = syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	}); err != nil {
		return credentials{}, fmt.Errorf("peer: %w", err)
	}
	if asked != nil {
		return credentials{}, fmt.Errorf("peer: %w", asked)
	}
	return credentials{uid: int(cred.Uid), pid: int(cred.Pid)}, nil
}
