package syslog

import (
	"bufio"
	"errors"
	"io"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

var said = Message{At: time.Date(2026, 1, 5, 14, 5, 32, 7000, time.UTC), Severity: Notice, Kind: "intent", Text: `{"seq":1,"hash":"ab"}`}

// local is the message as the C library writes it.
var local = regexp.MustCompile(`^<85>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d rampart\[\d+\]: \{"seq":1,"hash":"ab"\}$`)

// whole is the message as RFC 5424 has it: facility 10, severity 5.
var whole = regexp.MustCompile(`^<85>1 2026-01-05T14:05:32\.000007Z lb1\.example rampart \d+ intent - \{"seq":1,"hash":"ab"\}$`)

func writer(t *testing.T, address string) *Writer {
	t.Helper()
	w, err := New(Config{Address: address, Host: "lb1 .example"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func TestWriter_SpeaksAsItIsHeardOverDatagramSockets(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	var lc net.ListenConfig
	here, err := lc.ListenPacket(t.Context(), "unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	defer here.Close()
	udp, err := lc.ListenPacket(t.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer udp.Close()
	for _, c := range []struct {
		address string
		daemon  net.PacketConn
		want    *regexp.Regexp
	}{{"unix://" + path, here, local}, {"udp://" + udp.LocalAddr().String(), udp, whole}} {
		if err := writer(t, c.address).Send(t.Context(), said); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 1024)
		n, _, err := c.daemon.ReadFrom(b)
		if err != nil || !c.want.Match(b[:n]) {
			t.Errorf("%s: %v: %q", c.address, err, b[:n])
		}
	}
}

// frame reads one message that begins with its length.
func frame(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	length, err := r.ReadString(' ')
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(strings.TrimSpace(length))
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWriter_FramesByLengthOverTCPAndConnectsAnewWhenTheOtherEndWasClosed(t *testing.T) {
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	w := writer(t, "tcp://"+l.Addr().String())
	for range 2 {
		if err := w.Send(t.Context(), said); err != nil {
			t.Fatal(err)
		}
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		if got := frame(t, bufio.NewReader(conn)); !whole.MatchString(got) {
			t.Errorf("%q", got)
		}
		if err := conn.Close(); err != nil {
			t.Fatal(err)
		}
		for !over(w.conn) { // until the kernel has told our end
		}
	}
}

func TestWriter_TellsThatNobodyListensAndThatAMessageIsTooLong(t *testing.T) {
	w := writer(t, "unix://"+filepath.Join(t.TempDir(), "none"))
	if err := w.Send(t.Context(), said); !errors.Is(err, sources.ErrUnreachable) || !sources.Retryable(err) {
		t.Errorf("nobody listens: %v", err)
	}
	long := said
	long.Text = strings.Repeat("x", MostMessage)
	if err := w.Send(t.Context(), long); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("too long: %v", err)
	}
}

func TestNew_RefusesWhatIsNoAddress(t *testing.T) {
	for _, address := range []string{"", "/dev/log", "unix://", "unix://host/path", "udp://host", "tcp://:601", "tcp://h:601/path", "http://h:1", "tcp://u:p@h:1", "udp://%zz"} {
		if _, err := New(Config{Address: address}); err == nil || strings.Contains(err.Error(), "u:p") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := New(Config{Address: "unix:///dev/log", Facility: "kern"}); err == nil {
		t.Error("a facility of the kernel's")
	}
}
