package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/creack/pty"
)

func TestTerminal_AClosedInputIsNoneSoThatThereAreLinesAndNoScreen(t *testing.T) {
	master, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); tty.Close() })
	gone, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	env := func(name string) string { return map[string]string{"TERM": "xterm-256color"}[name] }
	if got := terminalOf(streams{in: tty, out: tty, env: env}); !got.tty {
		t.Errorf("a terminal is not known as one: %+v", got)
	}
	if got := terminalOf(streams{in: gone, out: tty, env: env}); got.tty {
		t.Error("an input that is closed is taken for a terminal")
	}
	if got := terminalOf(streams{in: &bytes.Buffer{}, out: tty, env: env}); got.tty {
		t.Error("a pipe is taken for a terminal")
	}
}
