package haproxy

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"

	"rampart/sources"
)

// host is an SSH server that forwards to unix sockets, and a client's surroundings: agent and known_hosts.
type host struct {
	addr  string
	conf  SSH
	host  ssh.Signer
	user  ssh.PublicKey
	mu    sync.Mutex
	conns []net.Conn
}

func newHost(t *testing.T) *host {
	t.Helper()
	dir := t.TempDir()
	key, _ := newKey(t)
	h := &host{host: key}
	user, userKey := newKey(t)
	h.user = user.PublicKey()
	h.conf = SSH{KnownHosts: []string{filepath.Join(dir, "known_hosts")}, Agent: serveAgent(t, dir, userKey)}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	h.addr = ln.Addr().String()
	h.know(t, h.host.PublicKey())
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go h.serve(c)
		}
	}()
	return h
}

func newKey(t *testing.T) (ssh.Signer, ed25519.PrivateKey) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return s, private
}

// serveAgent is an agent with one key; it returns its socket.
func serveAgent(t *testing.T, dir string, key ed25519.PrivateKey) string {
	t.Helper()
	ring := agent.NewKeyring()
	if err := ring.Add(agent.AddedKey{PrivateKey: key}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "agent")
	ln, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go func() { _ = agent.ServeAgent(ring, c); c.Close() }()
		}
	}()
	return path
}

// know writes the host's key as the client knows it.
func (h *host) know(t *testing.T, key ssh.PublicKey) {
	t.Helper()
	if err := os.WriteFile(h.conf.KnownHosts[0], []byte(knownhosts.Line([]string{knownhosts.Normalize(h.addr)}, key)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (h *host) serve(c net.Conn) {
	conf := &ssh.ServerConfig{PublicKeyCallback: func(_ ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
		if string(key.Marshal()) != string(h.user.Marshal()) {
			return nil, errors.New("unknown key")
		}
		return nil, nil
	}}
	conf.AddHostKey(h.host)
	h.mu.Lock()
	h.conns = append(h.conns, c)
	h.mu.Unlock()
	_, chans, reqs, err := ssh.NewServerConn(c, conf)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(reqs)
	for nc := range chans {
		go forward(nc)
	}
}

func forward(nc ssh.NewChannel) {
	var want struct {
		Path     string
		Reserved string
		Zero     uint32
	}
	if nc.ChannelType() != "direct-streamlocal@openssh.com" || ssh.Unmarshal(nc.ExtraData(), &want) != nil {
		_ = nc.Reject(ssh.UnknownChannelType, "no")
		return
	}
	to, err := net.Dial("unix", want.Path)
	if err != nil {
		_ = nc.Reject(ssh.ConnectionFailed, "open failed")
		return
	}
	ch, reqs, err := nc.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(reqs)
	go func() { _, _ = io.Copy(to, ch) }()
	_, _ = io.Copy(ch, to)
	ch.Close()
}

// cut ends all connections, as a network does.
func (h *host) cut() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range h.conns {
		c.Close()
	}
	return len(h.conns)
}

func (h *host) plane(t *testing.T, socket string) *Plane {
	t.Helper()
	p, err := New(Config{
		Sockets: []string{"ssh://ana@" + h.addr + socket}, Backend: "be", SSH: h.conf, Timeout: 2 * time.Second,
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSSH_ReachesTheSocketOverOneConnectionAndMakesANewOneWhenItBreaks(t *testing.T) {
	h, hap := newHost(t), newRuntime(t, pair(95, 5)...)
	p := h.plane(t, hap.path)
	applied(t, p, rollBack)
	read(t, p)
	if n := h.cut(); n != 1 {
		t.Errorf("%d connections for three exchanges", n)
	}
	if r := read(t, p); r.Configured.Candidate != 0 {
		t.Errorf("the candidate has %v", r.Configured)
	}
	if n := h.cut(); n != 2 {
		t.Errorf("%d connections after one broke", n)
	}
}

func TestSSH_SaysWhyItMayNotOrCannot(t *testing.T) {
	for name, c := range map[string]struct {
		hurt func(*host)
		kind error
		says string
	}{
		"a stranger":      {func(h *host) { os.WriteFile(h.conf.KnownHosts[0], nil, 0o600) }, sources.ErrDenied, "log in once by ssh and check its fingerprint"},
		"an impostor":     {func(h *host) { k, _ := newKey(t); h.know(t, k.PublicKey()) }, sources.ErrDenied, "somebody may be in between"},
		"no agent":        {func(h *host) { h.conf.Agent = "/nowhere" }, sources.ErrDenied, "start an SSH agent"},
		"another key":     {func(h *host) { k, _ := newKey(t); h.user = k.PublicKey() }, sources.ErrDenied, "ssh-add -l"},
		"no known_hosts":  {func(h *host) { h.conf.KnownHosts = []string{"/nowhere"} }, sources.ErrInvalid, "known_hosts"},
		"no socket there": {func(*host) {}, sources.ErrUnreachable, "AllowStreamLocalForwarding"},
	} {
		h := newHost(t)
		c.hurt(h)
		_, err := h.plane(t, "/nowhere.sock").Read(t.Context())
		if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAddress_IsOneOfThreeKindsAndHoldsNoPassword(t *testing.T) {
	for s, want := range map[string]address{
		"unix:///run/h.sock":     {scheme: "unix", path: "/run/h.sock"},
		"/run/h.sock":            {scheme: "unix", path: "/run/h.sock"},
		"tcp://lb1:9999":         {scheme: "tcp", host: "lb1:9999"},
		"ssh://lb1/run/h.sock":   {scheme: "ssh", host: "lb1:22", path: "/run/h.sock"},
		"ssh://ana@[::1]:2222/h": {scheme: "ssh", user: "ana", host: "[::1]:2222", path: "/h"},
	} {
		if got, err := parseAddress(s); err != nil || got != want {
			t.Errorf("%q: %+v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "lb1", "unix://run/h.sock", "tcp://lb1", "tcp://lb1:1/x", "ssh://lb1", "http://lb1", "ssh://ana:hunter2@lb1/h", "ssh://%zz:hunter2@"} {
		if _, err := parseAddress(s); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestConfig_NamesTheKeyThatCannotWork(t *testing.T) {
	good := Config{Sockets: []string{"unix:///s"}, Backend: "be", Servers: sources.ByArm[[]string]{Legacy: []string{"s-*"}, Candidate: []string{"c-*"}}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for says, spoil := range map[string]func(*Config){
		"sockets: none":                func(c *Config) { c.Sockets = nil },
		"sockets[1]":                   func(c *Config) { c.Sockets = []string{"/s", "/s"} },
		"backend: no name":             func(c *Config) { c.Backend = "" },
		`backend: "be; show env"`:      func(c *Config) { c.Backend = "be; show env" },
		"servers.legacy: none":         func(c *Config) { c.Servers.Legacy = nil },
		`servers.candidate: "[" is no`: func(c *Config) { c.Servers.Candidate = []string{"["} },
		"stands in both arms":          func(c *Config) { c.Servers.Candidate = c.Servers.Legacy },
		"timeout: -1s":                 func(c *Config) { c.Timeout = -time.Second },
	} {
		c := good
		spoil(&c)
		if err := c.Validate(); err == nil || !strings.HasPrefix(err.Error(), strings.SplitN(says, " is no", 2)[0]) && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestSSH_PlanesThatLookTogetherShareOneConnection(t *testing.T) {
	h, hap, l := newHost(t), newRuntime(t, pair(95, 5)...), NewLookout()
	a, b := h.plane(t, hap.path), h.plane(t, hap.path)
	wa, _ := l.Join(a)
	wb, _ := l.Join(b)
	for _, s := range together(t.Context(), wa, wb) {
		if s.err != nil || s.Configured.Candidate != 5*percent {
			t.Errorf("%v (%v)", s.Configured, s.err)
		}
	}
	applied(t, a, rollBack)
	if r := read(t, b); r.Configured.Candidate != 0 {
		t.Errorf("the other plane reads %v", r.Configured)
	}
	if n := h.cut(); n != 1 {
		t.Errorf("%d connections", n)
	}
}

func TestSSH_WhatOneGivesUpIsClosedWhenTheOthersAreDone(t *testing.T) {
	h, hap := newHost(t), newRuntime(t, pair(95, 5)...)
	at, err := parseAddress("ssh://ana@" + h.addr + hap.path)
	if err != nil {
		t.Fatal(err)
	}
	tun := newTunnel(at, h.conf)
	under, err := tun.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	old := tun.use()
	tun.giveUp(old)
	tun.release(old)
	if _, err := io.WriteString(under, "show info\n"); err != nil {
		t.Error(err)
	}
	if b, err := io.ReadAll(under); err != nil || !strings.HasPrefix(string(b), "Name: HAProxy") {
		t.Errorf("an exchange under way was cut: %q, %v", b, err)
	}
	fresh, err := tun.dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	fresh.Close()
	under.Close()
	under.Close()
	if _, err := old.client.DialContext(t.Context(), "unix", hap.path); err == nil || old.users != 0 {
		t.Errorf("it is still open, with %d users", old.users)
	}
	if n := h.cut(); n != 2 {
		t.Errorf("%d connections", n)
	}
}

func TestSSH_WhoWaitsForAnothersLoginWaitsNoLongerThanItsOwnDeadline(t *testing.T) {
	tun := newTunnel(address{scheme: "ssh", host: "127.0.0.1:1", path: "/s"}, SSH{})
	tun.login <- struct{}{} // somebody logs in, and the host hangs
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tun.dial(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("said %v", err)
	}
}
