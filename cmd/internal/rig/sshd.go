package rig

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"

	"rampart/sources/sourcetest/loopback"
)

// SSHD is a real OpenSSH server on loopback that lets the current user in by one key, and a real agent that holds that key.
// It forwards to unix sockets, for which sshd 9.2 wants TCP forwarding allowed as well: without it the request is denied.
type SSHD struct {
	*Child
	Addr       string
	User       string
	Agent      string // SSH_AUTH_SOCK for a client
	Home       string // HOME for a client: its .ssh/known_hosts knows this server's key
	HostKey    string // server's private key
	Authorized string // public keys let in
	Path       string // where those who log in find programs; the first folder is this server's own
	agent      *Child
}

// StartSSHD makes the keys, starts the agent and the server, and returns when the server greets.
func StartSSHD(dir string) (*SSHD, error) {
	program, err := find("sshd")
	if err != nil {
		return nil, err
	}
	me, err := user.Current()
	if err != nil {
		return nil, fmt.Errorf("start sshd: %w", err)
	}
	ports, err := loopback.Ports(1)
	if err != nil {
		return nil, err
	}
	s := &SSHD{
		Addr: loopback.Addr(ports[0]), User: me.Username, Home: filepath.Join(dir, "home"), Agent: filepath.Join(dir, "agent.sock"),
		HostKey: filepath.Join(dir, "host_key"), Authorized: filepath.Join(dir, "authorized_keys"),
		Path: filepath.Join(dir, "bin") + ":/usr/bin:/bin",
	}
	if err := s.separation(); err != nil {
		return nil, err
	}
	if err := s.keys(dir); err != nil {
		return nil, err
	}
	config, err := Render(dir, "sshd_config", s)
	if err != nil {
		s.Stop()
		return nil, err
	}
	if s.Child, err = startChild(dir, "sshd", program, "-D", "-e", "-f", config); err != nil {
		s.Stop()
		return nil, err
	}
	if err := s.ready(5*time.Second, s.greets); err != nil {
		s.Stop()
		return nil, err
	}
	return s, nil
}

// Stop ends the server and the agent.
func (s *SSHD) Stop() {
	if s.Child != nil {
		s.Child.Stop()
	}
	if s.agent != nil {
		s.agent.Stop()
	}
}

// URL is how rampart is told to reach a unix socket through this server.
func (s *SSHD) URL(socket string) string { return "ssh://" + s.User + "@" + s.Addr + socket }

// Client makes an ssh in a folder of its own that trusts this server and logs in by the agent, as a person's own settings
// would; each connection adds its process to dir/ssh.pids.
func (s *SSHD) Client(dir string) (folder string, err error) {
	program, err := find("ssh")
	if err != nil {
		return "", err
	}
	folder = filepath.Join(dir, "client")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("make ssh client: %w", err)
	}
	script := fmt.Sprintf("#!/bin/sh\necho $$ >>%s/ssh.pids\nexec %s -F none -o UserKnownHostsFile=%s -o IdentityAgent=%s \"$@\"\n",
		dir, program, filepath.Join(s.Home, ".ssh", "known_hosts"), s.Agent)
	if err := os.WriteFile(filepath.Join(folder, "ssh"), []byte(script), 0o700); err != nil { //nolint:gosec // it is run
		return "", fmt.Errorf("make ssh client: %w", err)
	}
	return folder, nil
}

// separation makes the directory that an sshd started by root insists on; without a service manager nobody else does.
func (s *SSHD) separation() error {
	if os.Geteuid() != 0 {
		return nil
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
		return fmt.Errorf("start sshd: %w", err)
	}
	return nil
}

// keys makes the host's key, known to the client, and the client's key, known to the host and held by the agent.
func (s *SSHD) keys(dir string) error {
	host, hostPEM, err := newKey()
	if err != nil {
		return err
	}
	client, _, err := newKey()
	if err != nil {
		return err
	}
	hostKey, err := ssh.NewPublicKey(host.Public())
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	clientKey, err := ssh.NewPublicKey(client.Public())
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	known := filepath.Join(s.Home, ".ssh", "known_hosts")
	if err := os.MkdirAll(filepath.Dir(known), 0o700); err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	for path, text := range map[string][]byte{
		s.HostKey: hostPEM, s.Authorized: ssh.MarshalAuthorizedKey(clientKey), known: []byte(knownhosts.Line([]string{s.Addr}, hostKey) + "\n"),
	} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
	}
	return s.startAgent(dir, client)
}

func newKey() (ed25519.PrivateKey, []byte, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, fmt.Errorf("make keys: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(key, "rig")
	if err != nil {
		return nil, nil, fmt.Errorf("make keys: %w", err)
	}
	return key, pem.EncodeToMemory(block), nil
}

func (s *SSHD) startAgent(dir string, key ed25519.PrivateKey) error {
	program, err := find("ssh-agent")
	if err != nil {
		return err
	}
	if s.agent, err = startChild(dir, "ssh-agent", program, "-D", "-a", s.Agent); err != nil {
		return err
	}
	return s.agent.ready(5*time.Second, func() error {
		conn, err := dial("unix", s.Agent)
		if err != nil {
			return fmt.Errorf("reach agent: %w", err)
		}
		defer conn.Close()
		return agent.NewClient(conn).Add(agent.AddedKey{PrivateKey: key, Comment: "rig"})
	})
}

// greets tells whether the server sends its version line.
func (s *SSHD) greets() error {
	conn, err := dial("tcp", s.Addr)
	if err != nil {
		return fmt.Errorf("reach sshd: %w", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return fmt.Errorf("reach sshd: %w", err)
	}
	greeting := make([]byte, 4)
	if _, err := conn.Read(greeting); err != nil || string(greeting) != "SSH-" {
		return fmt.Errorf("greeting %q of sshd: %w", greeting, err)
	}
	return nil
}
