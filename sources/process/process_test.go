//go:build unix

package process_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources/process"
)

func shell(script string) process.Command {
	return process.Command{Argv: []string{"/bin/sh", "-c", script}, Timeout: time.Minute, Most: 1 << 10}
}

func TestRun_GivesTheAnswerAndTheWordsApart(t *testing.T) {
	c := shell(`cat; echo "$WHO in $PWD" >&2`)
	c.Dir, c.Environ, c.Stdin = "/", []string{"WHO=ada"}, []byte("asked")
	got, err := process.Run(t.Context(), c)
	if err != nil || string(got.Out) != "asked" || got.Aside.String() != "ada in /" || !got.Started {
		t.Errorf("answered %q, said %q, %v", got.Out, got.Aside, err)
	}
}

func TestRun_WithoutAnAnswerKeepsTheEndOfAllWords(t *testing.T) {
	c := shell(`yes | head -c 100000; echo why >&2; echo it failed; exit 3`)
	c.Most = 0
	got, err := process.Run(t.Context(), c)
	if status, ended := process.Status(err); status != 3 || !ended || len(got.Out) != 0 {
		t.Errorf("ended with %d (%t), answered %q: %v", status, ended, got.Out, err)
	}
	if said := got.Aside.String(); !strings.HasSuffix(said, `it failed`) || !strings.Contains(said, "why") || len(said) > 8<<10 {
		t.Errorf("said %d bytes, %q", len(said), said[max(0, len(said)-40):])
	}
}

func TestRun_EndsWellWhereNobodyReadsWhatItIsGiven(t *testing.T) {
	c := shell(`exec 0<&-; echo done`)
	c.Stdin = make([]byte, 1<<20)
	if got, err := process.Run(t.Context(), c); err != nil || string(got.Out) != "done\n" {
		t.Errorf("%q, %v", got.Out, err)
	}
}

func TestRun_SaysHowItEnded(t *testing.T) {
	loud := shell(`yes`)
	slow := shell(`sleep 600`)
	slow.Timeout = 100 * time.Millisecond
	killed := shell(`kill -9 $$`)
	for want, c := range map[string]process.Command{
		"printed more than 1024 bytes": loud,
		"no end within 100ms":          slow,
		"signal: killed":               killed,
	} {
		got, err := process.Run(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), want) || !got.Started || len(got.Out) > 1<<10 {
			t.Errorf("%s: %v, %d bytes", want, err, len(got.Out))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := process.Run(ctx, shell(`true`)); got.Started || !errors.Is(err, context.Canceled) {
		t.Errorf("started %t after the end: %v", got.Started, err)
	}
}

func TestRun_TellsAProgramThatIsMissingFromOneThatFailed(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for argv, want := range map[string]bool{"/nowhere/tell": true, "no-such-program-of-ours": true, plain: true, "false": false} {
		got, err := process.Run(t.Context(), process.Command{Argv: []string{argv}, Timeout: time.Minute})
		if err == nil || process.Missing(err) != want || got.Started == want {
			t.Errorf("%s: missing %t, started %t: %v", argv, !want, got.Started, err)
		}
	}
}

// TestRun_KillsAllThatAProgramStarted watches a pipe that ends when nobody holds it any more.
func TestRun_KillsAllThatAProgramStarted(t *testing.T) {
	for name, script := range map[string]string{"when the context ends": "sleep 600 & wait", "when it is over": "sleep 600 & exit 0"} {
		pipe := filepath.Join(t.TempDir(), "alive")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		over := make(chan error, 1)
		go func() {
			f, err := os.Open(pipe) // it is there: the program has begun
			if err == nil {
				defer f.Close()
				if strings.Contains(script, "wait") {
					cancel()
				}
				_, err = f.Read(make([]byte, 1))
			}
			over <- err
		}()
		_, err := process.Run(ctx, shell("exec 3>"+pipe+"; "+script))
		if want := ctx.Err(); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
		cancel()
		select {
		case err := <-over:
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Errorf("%s: what it started still runs", name)
		}
	}
}

func TestRun_LeavesAnAttendedProgramInOurGroup(t *testing.T) {
	c := shell(`kill -s 0 -- -$$`) // is there a group that it leads?
	if _, err := process.Run(t.Context(), c); err != nil {
		t.Errorf("it leads no group of its own: %v", err)
	}
	c.Attended = true
	if _, err := process.Run(t.Context(), c); err == nil {
		t.Error("attended, it leads a group that no terminal listens to")
	}
}
