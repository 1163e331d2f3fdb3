package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"rampart/cmd/internal/account"
	"rampart/cmd/internal/statedir"
	"rampart/sources"
	"rampart/sources/demo"
)

// lingering is a socket that outlives its process's connections: until somebody looks whether it is gone.
type lingering struct {
	net.Listener
	killed atomic.Bool
}

func (l *lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil && l.killed.Load() {
		c.Close()
		l.Close()
		return nil, net.ErrClosed
	}
	return c, err
}

// dying is a runner that takes a rollback and is killed before it does anything.
func dying(t *testing.T, at string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", at)
	if err != nil {
		t.Fatal(err)
	}
	l := &lingering{Listener: socket}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/rollback" {
			_, _ = w.Write([]byte(`{"wire":"another","services":["ranker"]}` + "\n"))
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"version": 1, "rung": "none", "text": "the runner took the rollback of ranker"})
		_ = http.NewResponseController(w).Flush()
		l.killed.Store(true)
		panic(http.ErrAbortHandler)
	})}
	t.Cleanup(func() { srv.Close() })
	go func() { _ = srv.Serve(l) }()
}

func TestRollback_ThatARunnerTookAndDiedOfIsFinishedByWhoAskedForIt(t *testing.T) {
	world, err := demo.Start(context.WithoutCancel(t.Context()), demo.Options{Scenario: "healthy", Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { world.Close() })
	dir := short(t)
	config := filepath.Join(dir, "rampart.yaml")
	if err := os.WriteFile(config, world.Config(), 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(k string) string {
		return map[string]string{"RAMPART_STATE": dir, "RAMPART_ACTOR": "ana"}[k]
	}
	at, err := statedir.For(env, "demo")
	if err != nil {
		t.Fatal(err)
	}
	dying(t, at.Socket())
	var out, said bytes.Buffer
	code := run(t.Context(), []string{"rollback", "-c", config, "--yes", "--reason", "5xx", "-o", "json"}, streams{in: strings.NewReader(""), out: &out, err: &said, env: env})
	var d account.Deed
	if err := json.Unmarshal(out.Bytes(), &d); err != nil || code != 0 || d.Rung != sources.Observed.String() || d.Error != "" {
		t.Fatalf("exit %d: %v\n%s\n%s", code, err, out.String(), said.String())
	}
	if !strings.Contains(said.String(), "the runner took the rollback") || !strings.Contains(said.String(), "finished here") {
		t.Errorf("it does not say who did what:\n%s", said.String())
	}
	if d.Rungs[0].Rung == sources.RungNone.String() {
		t.Errorf("the rungs are of two processes: %+v", d.Rungs)
	}
}
