package loopback

import (
	"net"
	"slices"
	"testing"
)

func TestPorts_AreDifferentFreeAndNeverGivenToAnOutgoingConnection(t *testing.T) {
	ports, err := Ports(20)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ports)
	if len(slices.Compact(ports)) != 20 {
		t.Errorf("some ports are the same: %v", ports)
	}
	for _, p := range ports {
		if p >= ephemeral() || p < lowest {
			t.Errorf("port %d is one that an outgoing connection may take", p)
		}
		l, err := net.Listen("tcp", Addr(p))
		if err != nil {
			t.Fatalf("port %d is not free: %v", p, err)
		}
		l.Close()
	}
}
