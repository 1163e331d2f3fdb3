package wire

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"rampart/analysis/frame"
	"rampart/sources"
)

// farEnd names the socket that this binary pipes to when it stands in for ssh.
const farEnd = "RAMPART_WIRE_FAR_END"

func TestMain(m *testing.M) {
	address := os.Getenv(farEnd)
	if address == "" {
		os.Exit(m.Run())
	}
	if err := Pipe(context.Background(), address, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "far away\n", err)
		os.Exit(1)
	}
}

func TestSSH_AConsoleAttachesThroughAProgramsStreams(t *testing.T) {
	r := newRunner()
	r.put(frame.Frame{Context: "prod"})
	t.Setenv(farEnd, listening(t, r))
	c := dialled(t, "ssh://bastion", Options{SSH: []string{os.Args[0]}})
	if f, err := c.Next(t.Context()); err != nil || f.Context != "prod" {
		t.Fatalf("got %+v, %v", f, err)
	}
	if err := c.Note(t.Context(), "from afar"); err != nil {
		t.Error(err)
	}
	r.put(frame.Frame{Context: "other"})
	if f, err := c.Next(t.Context()); err != nil || f.Context != "other" {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestSSH_WhoActsFindsAnOpenConnection(t *testing.T) {
	r := newRunner()
	r.put(frame.Frame{Context: "prod"})
	road, err := connector(t.Context(), listening(t, r), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var opened atomic.Int32
	c := newClient(t.Context(), "ssh://bastion", Options{Service: "ranker"}, func(ctx context.Context) (net.Conn, error) {
		opened.Add(1)
		return road(ctx)
	})
	if _, err := c.Next(t.Context()); err != nil {
		t.Fatal(err)
	}
	for ctx := t.Context(); opened.Load() < 2 && ctx.Err() == nil; { // the frames' and the one for whoever acts
		runtime.Gosched()
	}
	for range 3 {
		if _, err := c.Hello(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := opened.Load(); n > 3 { // one more where the second was still busy with its own greeting
		t.Errorf("%d connections were opened: each is a login", n)
	}
}

func TestSSH_WhatTheOtherMachineSaysIsTold(t *testing.T) {
	t.Setenv(farEnd, "unix:///nonexistent/\x1b[2J.sock")
	_, err := Dial(t.Context(), "ssh://bastion", Options{SSH: []string{os.Args[0]}})
	if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "is a runner there?") || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("got %v", err)
	}
	if _, err := Dial(t.Context(), "ssh://bastion", Options{SSH: []string{"/nonexistent/ssh"}}); !errors.Is(err, sources.ErrUnreachable) {
		t.Errorf("no ssh: %v", err)
	}
}

func TestSSH_AnAddressBecomesNoOptionAndNoSecondCommand(t *testing.T) {
	for address, want := range map[string]string{
		"ssh://bastion":                       "ssh -T -C -- bastion rampart attach --stdio",
		"ssh://ana@bastion:22/run/x.sock":     "ssh -T -C -p 22 -- ana@bastion rampart attach --stdio '/run/x.sock'",
		"ssh://bastion/a'$(reboot)'":          `ssh -T -C -- bastion rampart attach --stdio '/a'\''$(reboot)'\'''`,
		"ssh://[::1]/x":                       "ssh -T -C -- ::1 rampart attach --stdio '/x'",
		"ssh://-oProxyCommand=reboot@bastion": "",
		"ssh://ana:secret@bastion":            "",
		"ssh://a%20b@bastion":                 "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got, err := sshCommand(u, nil)
		if strings.Join(got, " ") != want || (want == "") != (err != nil) || slices.Contains(got, "") {
			t.Errorf("%s: got %q, %v", address, got, err)
		}
	}
}

func TestSSH_WhoeverAsksFirstOfAProgramThatEndedIsToldWhatItSaid(t *testing.T) {
	for _, ask := range []func(net.Conn) (int, error){
		func(c net.Conn) (int, error) { return c.Read(make([]byte, 1)) },
		func(c net.Conn) (int, error) { return c.Write([]byte("GET")) },
	} {
		c, err := start(t.Context(), []string{"sh", "-c", "echo no route to host >&2; exec 0<&-; exit 1"})
		if err != nil {
			t.Fatal(err)
		}
		c.(*process).wait() // it has ended before it is asked anything
		if _, err := ask(c); err == nil || !strings.Contains(err.Error(), "no route to host") {
			t.Errorf("got %v", err)
		}
		_ = c.Close()
	}
}
