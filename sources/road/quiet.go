package road

import (
	"context"
	"net"
	"time"
)

// Dial connects as net/http's own transport does, by a connection that does not wake a program at rest more than it has
// to; see [Quiet].
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return Quiet(conn), nil
}
