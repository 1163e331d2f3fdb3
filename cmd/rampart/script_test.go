package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"rampart/sources/demo"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rampart": main})
}

// TestScripts runs the command line as an operator would, against the demo's servers. A script gets $CONFIG, the config
// of a world of its own; `world` opens it, `break` changes the candidate, `code` demands an exit code,
// `plain` a text without a control byte, `flip` harms a file by one bit, and `until` repeats a command until it succeeds.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("scripts start whole programs against the clock of a world: they run without -short")
	}
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
			"world": worlds.open, "break": worlds.breakCandidate, "code": code, "plain": plain, "flip": flip, "hear": hear, "until": until, "valid": valid,
		},
	})
}

// openWorlds are the worlds of the scripts that run.
type openWorlds struct {
	mu sync.Mutex
	of map[*testscript.TestScript]*demo.Running
}

// open starts a demo world: world SCENARIO FILE [WORLD] writes its config to FILE. WORLD is a file as `demo --world` reads
// it; a scenario of - is the one that it names.
func (w *openWorlds) open(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: world SCENARIO FILE [WORLD]")
	}
	o := demo.Options{Scenario: strings.TrimPrefix(args[0], "-"), Seed: 7}
	if len(args) == 3 {
		o.WorldFile = ts.MkAbs(args[2])
	}
	ctx, cancel := context.WithCancel(context.Background())
	d, err := demo.Start(ctx, o)
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

// code runs a command that must end with an exit code: code 3 rampart check. Its output is there for stdout and stderr.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code WANT COMMAND [ARGUMENT]...")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = strconv.Itoa(exit.ExitCode())
	}
	if got != args[0] {
		ts.Fatalf("%s ended with %s, want %s", strings.Join(args[1:], " "), got, args[0])
	}
}

// plain refuses bytes that could command a terminal: plain stdout.
func plain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: plain FILE")
	}
	text := ts.ReadFile(args[0])
	i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || r == utf8.RuneError) })
	if i >= 0 {
		ts.Fatalf("%s holds a control byte at %d: %q", args[0], i, text[i:min(len(text), i+40)])
	}
}

// flip copies a file with one bit of a word in it turned: flip FROM TO WORD.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: flip FROM TO WORD")
	}
	text := []byte(ts.ReadFile(args[0]))
	i := bytes.Index(text, []byte(args[2]))
	if i < 0 {
		ts.Fatalf("%s does not hold %q", args[0], args[2])
	}
	text[i] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), text, 0o600))
}

// until runs a command again and again until it succeeds and prints a text: until TEXT COMMAND [ARGUMENT]...
func until(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: until TEXT COMMAND [ARGUMENT]...")
	}
	var err error
	for limit := time.Now().Add(30 * time.Second); time.Now().Before(limit); time.Sleep(100 * time.Millisecond) {
		if err = ts.Exec(args[1], args[2:]...); err == nil && strings.Contains(ts.ReadFile("stdout"), args[0]) {
			return
		}
	}
	ts.Fatalf("%s never said %q: %v", strings.Join(args[1:], " "), args[0], err)
}

// hear listens as a receiver of notices does and keeps what it is sent, a line each: hear FILE. It sets HOOK to its address,
// of which the path is a secret; the first request of all is refused for a moment.
func hear(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hear FILE")
	}
	var mu sync.Mutex
	tries, file := 0, ts.MkAbs(args[0])
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if tries++; tries == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		f, err := os.OpenFile(file, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		defer f.Close()
		_, _ = io.Copy(f, r.Body)
		fmt.Fprintf(f, " %s %t\n", r.URL.Path, r.Header.Get("Rampart-Signature") != "")
	}))
	ts.Defer(s.Close)
	ts.Setenv("HOOK", s.URL+"/whatnobodyknows")
}
