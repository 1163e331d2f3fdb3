// Package syslog writes to a syslog daemon, as RFC 5424 has it.
//
// Over a unix socket it is the form that the C library writes there, because daemons read nothing else from /dev/log: rsyslog
// takes the header of RFC 5424 for text.
//
// It promises: one message for each call, of at most [MostMessage] bytes; over TCP each is framed by its length (RFC
// 6587, 3.4.1); a connection that its other end has closed is noticed before the next message and made anew. A [Writer]
// owns no goroutine and keeps one connection; its calls come one after another.
//
// # Why
//
// The standard library's log/syslog is frozen and speaks RFC 3164: no year, no fractions of a second, no time zone, and
// no framing but the line's end. Libraries beyond it wrap that or bring a logger of their own; the format is one line.
//
// Nothing answers to a syslog message. What was written just before a connection broke may be lost, and over UDP and into
// a full socket anything may; whoever reads finds a hole by the numbers within what was sent.
package syslog

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"rampart/sources"
)

// MostMessage is the longest message that is sent: what rsyslog takes by default.
const MostMessage = 8 << 10

// Config says where to write.
type Config struct {
	Address  string // unix:///dev/log, udp://host:514 or tcp://host:601
	Facility string // authpriv when empty
	Host     string // ours
}

// Severity is a message's (RFC 5424, 6.2.1).
type Severity int

// The severities that are used.
const (
	Warning Severity = 4
	Notice  Severity = 5
	Info    Severity = 6
)

// Message is one message.
type Message struct {
	At       time.Time
	Severity Severity
	Kind     string // MSGID: one word
	Text     string // one line
}

// Writer writes to one daemon.
type Writer struct {
	conf     Config
	network  string
	address  string
	facility int

	mu   sync.Mutex
	conn net.Conn
}

// facilities are those that an application may write to (RFC 5424, table 1).
func facilities() map[string]int {
	out := map[string]int{"user": 1, "daemon": 3, "auth": 4, "authpriv": 10, "audit": 13}
	for i := range 8 {
		out["local"+strconv.Itoa(i)] = 16 + i
	}
	return out
}

// New returns the writer of a config, or says what is wrong with it; it connects to nothing yet.
func New(c Config) (*Writer, error) {
	bad := func(why string) error {
		return &sources.Error{Op: "config", Target: "syslog", Kind: sources.ErrInvalid, Cause: errors.New(why), Fix: "such as unix:///dev/log, udp://host:514 or tcp://host:601"}
	}
	if c.Facility == "" {
		c.Facility = "authpriv"
	}
	facility, ok := facilities()[c.Facility]
	if !ok {
		return nil, &sources.Error{Op: "config", Target: "syslog", Kind: sources.ErrInvalid, Cause: errors.New("no such facility"), Fix: "want user, daemon, auth, authpriv, audit or local0 to local7"}
	}
	u, err := url.Parse(c.Address)
	if err != nil {
		return nil, bad("not an address")
	}
	w := &Writer{conf: c, network: u.Scheme, address: u.Host, facility: facility}
	switch {
	case u.Scheme == "unix" && u.Host == "" && u.Path != "":
		w.network, w.address = "unixgram", u.Path
	case u.Scheme == "unix":
		return nil, bad("no path of a socket")
	case u.Scheme != "udp" && u.Scheme != "tcp":
		return nil, bad("not unix, udp or tcp")
	case u.Port() == "" || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "":
		return nil, bad("want a host and a port and no more")
	}
	return w, nil
}

// Reach connects, so far as that says anything: over UDP nobody answers.
func (w *Writer) Reach(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.connect(ctx)
}

// Send writes one message.
func (w *Writer) Send(ctx context.Context, m Message) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	line := w.format(m)
	if len(line) > MostMessage {
		return &sources.Error{Op: "syslog", Target: w.conf.Address, Kind: sources.ErrInvalid, Cause: fmt.Errorf("a message of %d bytes, the most is %d", len(line), MostMessage)}
	}
	if err := w.connect(ctx); err != nil {
		return err
	}
	switch w.network {
	case "tcp":
		line = strconv.Itoa(len(line)) + " " + line
	case "unix":
		line += "\n"
	}
	until, _ := ctx.Deadline()
	err := w.conn.SetWriteDeadline(until)
	if err == nil {
		_, err = w.conn.Write([]byte(line))
	}
	if err != nil {
		w.drop()
		return w.broken(err)
	}
	return nil
}

// format is the message's line: PRI, version, time, host, name, process, kind, no structured data, and the text. A name
// for structured data would take a number from IANA.
func (w *Writer) format(m Message) string {
	if strings.HasPrefix(w.network, "unix") {
		return fmt.Sprintf("<%d>%s rampart[%d]: %s", w.facility*8+int(m.Severity), m.At.Local().Format(time.Stamp), os.Getpid(), m.Text)
	}
	return fmt.Sprintf("<%d>1 %s %s rampart %d %s - %s", w.facility*8+int(m.Severity), m.At.UTC().Format("2006-01-02T15:04:05.000000Z"),
		word(w.conf.Host, 255), os.Getpid(), word(m.Kind, 32), m.Text)
}

// word is a header's field: printable ASCII without spaces, or a dash.
func word(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	if s == "" {
		return "-"
	}
	return s[:min(len(s), most)]
}

// connect makes a connection where there is none, or the one that there was is over. A unix socket may be of either kind.
func (w *Writer) connect(ctx context.Context) error {
	if w.conn != nil && !over(w.conn) {
		return nil
	}
	w.drop()
	var d net.Dialer
	conn, err := d.DialContext(ctx, w.network, w.address)
	if errors.Is(err, syscall.EPROTOTYPE) {
		w.network = map[string]string{"unixgram": "unix", "unix": "unixgram"}[w.network]
		conn, err = d.DialContext(ctx, w.network, w.address)
	}
	if err != nil {
		return w.broken(err)
	}
	w.conn = conn
	return nil
}

// over tells whether the other end has closed a stream. Only a look at it tells: a write would still seem to go well.
func over(conn net.Conn) bool {
	raw, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	c, err := raw.SyscallConn()
	if err != nil {
		return true
	}
	gone := false
	err = c.Read(func(fd uintptr) bool {
		n, _, err := syscall.Recvfrom(int(fd), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		gone = err == nil && n == 0 || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.ECONNREFUSED)
		return true
	})
	return err != nil || gone
}

func (w *Writer) drop() {
	if w.conn != nil {
		_ = w.conn.Close() // it is over
		w.conn = nil
	}
}

// Close ends the connection.
func (w *Writer) Close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.drop()
}

func (w *Writer) broken(err error) error {
	return &sources.Error{Op: "syslog", Target: w.conf.Address, Kind: sources.ErrUnreachable, Cause: sources.Remote(err), Sent: w.conn != nil}
}
