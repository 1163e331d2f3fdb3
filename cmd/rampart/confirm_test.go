package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/creack/pty"
)

func TestRollback_ASignalAtTheQuestionIsAnAnswerAndNothingIsSent(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		p := newSlowPlane(t)
		cmd := p.command(t, "rollback", "-c", "rampart.yaml", "--reason", "drill")
		tty, err := pty.Start(cmd)
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		for b := make([]byte, 4096); !strings.Contains(said, "y/N"); {
			n, err := tty.Read(b)
			if err != nil {
				t.Fatalf("%q, %v", said, err)
			}
			said += string(b[:n])
		}
		if err := cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, tty) // until the process ends
		err = cmd.Wait()
		tty.Close()
		if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 128+int(sig) {
			t.Errorf("%v: ended with %v", sig, err)
		}
		if split, _ := os.ReadFile(p.path("split")); string(split) != "5\n" {
			t.Errorf("%v: the candidate has %s%%", sig, split)
		}
	}
}
