package rig

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"rampart/sources/sourcetest/loopback"
)

// Backend is the backend that the rig's HAProxy balances.
const Backend = "be_ranker"

// Server is one line of the backend: its name, address and the weight that the file gives it.
type Server struct {
	Name, Addr string
	Weight     int
	Agent      int // port of its agent check; 0: it has none
}

// HAProxy is a real HAProxy in master-worker mode before the model servers.
type HAProxy struct {
	*Child
	Front    string // address that takes the requests
	Admin    string // address of the runtime API over TCP, level admin
	Socket   string // path of the runtime API, level admin
	Operator string // path of the runtime API, level operator: reads only
	Exporter string // address of its own /metrics
	Config   string // the file it was started with
	Servers  []Server
}

// StartHAProxy starts HAProxy over the servers and returns when its runtime API answers.
func StartHAProxy(dir string, servers []Server) (*HAProxy, error) {
	program, err := find("haproxy")
	if err != nil {
		return nil, err
	}
	ports, err := loopback.Ports(3)
	if err != nil {
		return nil, err
	}
	h := &HAProxy{
		Front: loopback.Addr(ports[0]), Admin: loopback.Addr(ports[1]), Exporter: loopback.Addr(ports[2]),
		Socket: filepath.Join(dir, "admin.sock"), Operator: filepath.Join(dir, "operator.sock"), Servers: servers,
	}
	if h.Config, err = Render(dir, "haproxy.cfg", h); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if out, err := exec.CommandContext(ctx, program, "-c", "-f", h.Config).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("check %s: %w: %s", h.Config, err, out)
	}
	if h.Child, err = startChild(dir, "haproxy", program, "-W", "-db", "-f", h.Config); err != nil {
		return nil, err
	}
	return h, h.ready(5*time.Second, func() error {
		_, err := h.worker()
		return err
	})
}

// Reload makes the master start a new worker from the file, as a deployment of the load balancer does: weights set at run time are lost.
func (h *HAProxy) Reload() error {
	before, err := h.worker()
	if err != nil {
		return err
	}
	if err := h.Signal(syscall.SIGUSR2); err != nil {
		return fmt.Errorf("reload haproxy: %w", err)
	}
	err = Until(5*time.Second, func() error {
		after, err := h.worker()
		if err == nil && after == before {
			err = fmt.Errorf("worker %s still answers", before)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("reload haproxy: %w", err)
	}
	return nil
}

// worker is the process id of the worker that answers, which a reload changes.
func (h *HAProxy) worker() (string, error) {
	info, err := h.Ask("show info")
	if err != nil {
		return "", err
	}
	return field(info, "Pid: ")
}
