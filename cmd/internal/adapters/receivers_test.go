package adapters

import (
	"os"
	"path/filepath"
	"testing"

	"rampart/cmd/internal/config"
	"rampart/sources"
)

func TestReceiver_FindsAProgramUnderTheHomeOfWhoRunsIt(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	if err := os.WriteFile(filepath.Join(home, "tell"), []byte("#!/bin/sh\ncat > \"$HOME/heard\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	n := config.Notify{Command: []string{"~/tell"}}
	to, err := notifierOf(n)
	if err != nil {
		t.Fatal(err)
	}
	r := &Receiver{Notifier: to, Conf: n}
	if err := r.Reach(t.Context()); err != nil {
		t.Errorf("it is looked for elsewhere: %v", err)
	}
	if err := to.Notify(t.Context(), sources.Notice{Title: "a test"}); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(home, "heard")); err != nil || len(b) == 0 {
		t.Errorf("it heard %q, %v", b, err)
	}
}
