package road_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"rampart/sources/road"
)

// pair is a quiet connection and its other end.
func pair(t *testing.T) (quiet, other net.Conn) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	came := make(chan net.Conn, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			close(came)
			return
		}
		came <- c
	}()
	if quiet, err = road.Dial(t.Context(), "tcp", l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if other = <-came; other == nil {
		t.Fatal("nobody was let in")
	}
	t.Cleanup(func() { quiet.Close(); other.Close() })
	return quiet, other
}

func TestQuiet_CarriesAllBytesBothWays(t *testing.T) {
	quiet, other := pair(t)
	want := bytes.Repeat([]byte("the quick brown fox "), 300_000) // more than any buffer between, and than a long answer
	go func(c net.Conn) {
		_, _ = c.Write(want)
		_ = c.Close()
	}(quiet)
	got, err := io.ReadAll(other)
	if err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%d bytes of %d came, %v", len(got), len(want), err)
	}

	quiet, other = pair(t)
	go func(c net.Conn) {
		_, _ = c.Write(want)
		_ = c.Close()
	}(other)
	if got, err = io.ReadAll(quiet); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("%d bytes of %d came back, %v", len(got), len(want), err)
	}
	if n, err := quiet.Read(nil); n != 0 || err != nil {
		t.Errorf("reading nothing: %d, %v", n, err)
	}
}

func TestQuiet_ObeysDeadlinesAndEndsWithTheConnection(t *testing.T) {
	quiet, _ := pair(t)
	if err := quiet.SetReadDeadline(time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	_, err := quiet.Read(make([]byte, 1))
	if ne, ok := errors.AsType[net.Error](err); !ok || !ne.Timeout() || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("past the deadline: %v", err)
	}
	if err := quiet.SetDeadline(time.Time{}); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := quiet.Read(make([]byte, 1))
		ended <- err
	}()
	quiet.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("a reader of a closed connection: %v", err)
	}
	if _, err := quiet.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a writer to a closed connection: %v", err)
	}
}

func TestQuiet_SaysThatTheOtherEndIsGone(t *testing.T) {
	quiet, other := pair(t)
	if err := other.(*net.TCPConn).SetLinger(0); err != nil { // it will reset the connection
		t.Fatal(err)
	}
	other.Close()
	_, err := quiet.Read(make([]byte, 1))
	if err == nil || errors.Is(err, io.EOF) || !strings.Contains(err.Error(), "reset") {
		t.Errorf("after a reset: %v", err)
	}
}

func TestDial_CarriesHTTP(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(body)
	}))
	defer s.Close()
	client := &http.Client{Transport: &http.Transport{DialContext: road.Dial}}
	defer client.CloseIdleConnections()
	for range 3 {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader(strings.Repeat("x", 1<<17)))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(resp.Body); err != nil || len(got) != 1<<17 {
			t.Errorf("%d bytes, %v", len(got), err)
		}
		resp.Body.Close()
	}
}

func TestDial_EndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := road.Dial(ctx, "tcp", "127.0.0.1:1"); !errors.Is(err, context.Canceled) {
		t.Errorf("dialling without a context: %v", err)
	}
}
