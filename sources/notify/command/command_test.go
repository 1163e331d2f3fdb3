package command

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

func shell(t *testing.T, script string, timeout time.Duration) *Receiver {
	t.Helper()
	r, err := New(Config{Command: []string{"/bin/sh", "-c", script}, Environ: os.Environ(), Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReceiver_HandsTheNoticeOver(t *testing.T) {
	out := filepath.Join(t.TempDir(), "out")
	n := sourcetest.HostileNotice()
	r := shell(t, `cat >`+out+`; printf '%s|%s|%s' "$RAMPART_KIND" "$RAMPART_SEVERITY" "$RAMPART_TITLE" >`+out+`.env`, 10*time.Second)
	if err := r.Notify(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	var d struct{ Title, Severity string }
	if err != nil || json.Unmarshal(b, &d) != nil || d.Title != sources.Visible(n.Title) || d.Severity != "critical" {
		t.Errorf("%v: %.300s", err, b)
	}
	env, err := os.ReadFile(out + ".env")
	if want := "call|critical|" + sources.Visible(n.Title); err != nil || string(env) != want {
		t.Errorf("%v: environment %q, want %q", err, env, want)
	}
}

func TestReceiver_SaysHowTheProgramEnded(t *testing.T) {
	for script, c := range map[string]struct {
		kind error
		says string
	}{
		"exit 0":                     {nil, ""},
		"exec 0<&-; exit 0":          {nil, ""},
		"echo no channel >&2;exit 1": {sources.ErrInvalid, "exit status 1; it said: no channel"},
		"exit 75":                    {sources.ErrUnreachable, "exit status 75"},
		`printf '\033[2J'; exit 2`:   {sources.ErrInvalid, `\x1b[2J`},
	} {
		err := shell(t, script, 10*time.Second).Notify(t.Context(), sourcetest.HostileNotice())
		if c.kind == nil && err != nil || c.kind != nil && (!errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", script, err)
		}
	}
	r, err := New(Config{Command: []string{"/nowhere/tell"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Notify(t.Context(), sources.Notice{}); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("a program that is not there: %v", err)
	}
	if _, err := New(Config{}); err == nil {
		t.Error("no program was taken")
	}
}

func TestReceiver_KillsAProgramThatHangsWithAllThatItStarted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "alive")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { // it ends when nobody holds the other end any more
		_, err := os.ReadFile(pipe)
		over <- err
	}()
	err := shell(t, "exec 3>"+pipe+"; sleep 600 & wait", 2*time.Second).Notify(t.Context(), sources.Notice{})
	if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "no end within 2s") {
		t.Errorf("it says %v", err)
	}
	select {
	case err := <-over:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("what it started still runs")
	}
}
