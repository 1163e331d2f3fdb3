//go:build integration

package rig

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	"golang.org/x/crypto/ssh/knownhosts"
)

func TestSSHD_ForwardsToTheRuntimeSocketForTheAgentsKeyOnly(t *testing.T) {
	dir := folder(t)
	stable, canary := arms(t, nil)
	h := balancer(t, dir, stable, canary)
	s, err := StartSSHD(dir)
	need(t, err)
	t.Cleanup(s.Stop)

	known, err := knownhosts.New(filepath.Join(s.Home, ".ssh", "known_hosts"))
	must(t, err)
	held, err := net.Dial("unix", s.Agent)
	must(t, err)
	defer held.Close()
	config := &ssh.ClientConfig{
		User: s.User, HostKeyCallback: known, Timeout: 5 * time.Second,
		HostKeyAlgorithms: []string{ssh.KeyAlgoED25519}, Auth: []ssh.AuthMethod{ssh.PublicKeysCallback(agent.NewClient(held).Signers)},
	}
	client, err := ssh.Dial("tcp", s.Addr, config)
	must(t, err)
	defer client.Close()
	conn, err := client.Dial("unix", h.Socket)
	must(t, err)
	_, err = io.WriteString(conn, "get weight "+Backend+"/stable-1\n")
	must(t, err)
	answer, err := io.ReadAll(conn)
	if must(t, err); strings.TrimSpace(string(answer)) != "80 (initial 80)" {
		t.Errorf("through ssh HAProxy said %q", answer)
	}

	config.Auth = nil
	if _, err := ssh.Dial("tcp", s.Addr, config); err == nil {
		t.Error("the server let somebody in without a key")
	}
}

// trusting is a client that trusts the gate's certificate and waits no longer than two seconds.
func trusting(t *testing.T, g *Gate) *http.Client {
	t.Helper()
	ca, err := os.ReadFile(g.CA)
	must(t, err)
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		t.Fatal("the gate's certificate is no PEM")
	}
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Timeout: 2 * time.Second, Transport: transport}
}
