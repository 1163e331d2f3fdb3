package main

import (
	"context"
	"os"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"rampart/sources/demo"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rampart": main})
}

// TestScripts runs the command line as an operator would, against the demo's servers. A script gets $CONFIG, the config
// of a world of its own; `world` opens it, `break` and `heal` change the candidate.
func TestScripts(t *testing.T) {
	worlds := &openWorlds{of: map[*testscript.TestScript]*demo.Running{}}
	testscript.Run(t, testscript.Params{
		Dir: "../../testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("XDG_STATE_HOME", e.WorkDir+"/state")
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("RAMPART_ACTOR", "alice")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"world": worlds.open, "break": worlds.breakCandidate,
		},
	})
}

// openWorlds are the worlds of the scripts that run.
type openWorlds struct {
	mu sync.Mutex
	of map[*testscript.TestScript]*demo.Running
}

// open starts a demo world: world SCENARIO FILE writes its config to FILE.
func (w *openWorlds) open(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: world SCENARIO FILE")
	}
	ctx, cancel := context.WithCancel(context.Background())
	d, err := demo.Start(ctx, demo.Options{Scenario: args[0], Seed: 7})
	if err != nil {
		cancel()
		ts.Fatalf("world: %v", err)
	}
	ts.Defer(func() { d.Close(); cancel() })
	w.mu.Lock()
	w.of[ts] = d
	w.mu.Unlock()
	if err := os.WriteFile(ts.MkAbs(args[1]), d.Config(), 0o600); err != nil {
		ts.Fatalf("world: %v", err)
	}
}

func (w *openWorlds) breakCandidate(ts *testscript.TestScript, _ bool, _ []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.of[ts].Break()
}
