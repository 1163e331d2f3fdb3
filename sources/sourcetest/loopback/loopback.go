// Package loopback finds ports on this machine for programs that tests start and that must be told their port before
// they listen.
//
// Why not a listener on port 0 that is closed again: the port it had is from the ephemeral range, and until the program
// has taken it the kernel may hand it to any outgoing connection on the machine. Tests of other packages make those all
// the time.
package loopback

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"time"
)

// lowest is above the ports that well-known services take.
const lowest = 10_240

// Ports returns n different ports of 127.0.0.1 on which nobody listens, below those that the kernel gives to outgoing
// connections. It fails when none can be found.
func Ports(n int) ([]int, error) {
	below, ports := ephemeral(), make([]int, 0, n)
	for range n {
		l, err := take(below)
		if err != nil {
			return nil, fmt.Errorf("find a free port: %w", err)
		}
		defer l.Close() // all are held until the last is known
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

// Addr is a port of this machine as programs want it.
func Addr(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// take listens on a port that was free.
func take(below int) (net.Listener, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", Addr(lowest+rand.IntN(below-lowest)))
		if err == nil || ctx.Err() != nil {
			return l, err
		}
	}
}

// ephemeral is the first port that the kernel gives to outgoing connections; Linux's default where it cannot be read.
func ephemeral() int {
	first := 0
	if b, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		_, _ = fmt.Sscan(string(b), &first)
	}
	if first <= lowest {
		return 32_768
	}
	return first
}
