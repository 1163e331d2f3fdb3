//go:build integration

package elastic_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources/sourcetest/loopback"
)

const (
	stream  = "logs-ranker-prod"
	pattern = "logs-ranker-*"
)

// node is a real Elasticsearch, as .ci/install assembles it. Why not the rig's: a package below cmd/internal cannot be
// imported from here, and this much of it is short.
type node struct {
	url, home, dir string
	port           int
	cmd            *exec.Cmd
}

// startNode starts a node with the rig's template for ECS types. One that cannot be had is a skip on somebody's laptop and a
// failure in CI.
func startNode(t *testing.T) *node {
	t.Helper()
	cache, err := os.UserCacheDir()
	must(t, err)
	stamps, _ := filepath.Glob(filepath.Join(cache, "rampart", "elasticsearch-*", "stamp"))
	_, java := exec.LookPath("java")
	if (len(stamps) == 0 || java != nil) && os.Getenv("CI") != "true" {
		t.Skip("skipped: no Elasticsearch here; .ci/install assembles it")
	}
	if len(stamps) == 0 {
		t.Fatal("no Elasticsearch here")
	}
	ports, err := loopback.Ports(1)
	must(t, err)
	port := ports[0]
	n := &node{home: filepath.Dir(stamps[len(stamps)-1]), dir: t.TempDir(), port: port, url: fmt.Sprintf("http://127.0.0.1:%d", port)}
	must(t, n.start())
	t.Cleanup(n.stop)
	template, err := os.ReadFile("../../testdata/rig/logs.json")
	must(t, err)
	n.must(t, http.MethodPut, "/_index_template/ranker", string(template))
	return n
}

// start starts the node, again after a stop: what it held is still there.
func (n *node) start() error {
	classes := filepath.Join(n.home, "classes") + ":" + filepath.Join(n.home, "lib", "*")
	n.cmd = exec.Command("java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes,
		"Launcher", n.home, n.dir, fmt.Sprint(n.port))
	n.cmd.Dir = n.dir
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := n.cmd.Start(); err != nil {
		return err
	}
	var err error
	for range 600 {
		if _, err = n.do(http.MethodGet, "/_cluster/health?wait_for_status=yellow", ""); err == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("elasticsearch did not come up: %w", err)
}

func (n *node) stop() {
	if n.cmd.Process != nil && n.cmd.ProcessState == nil {
		_ = n.cmd.Process.Signal(syscall.SIGTERM)
		_ = n.cmd.Wait()
	}
}

// do sends one request; a status of 300 or more is an error that carries the body.
func (n *node) do(method, path, body string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, n.url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 300 {
		err = errors.New(string(text))
	}
	return string(text), err
}

func (n *node) must(t *testing.T, method, path, body string) string {
	t.Helper()
	out, err := n.do(method, path, body)
	must(t, err)
	return out
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
