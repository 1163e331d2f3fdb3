//go:build linux

package claim

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/cmd/internal/runner/lease"
	"rampart/sources"
)

// The environment of a process that holds a claim until it is killed: of which key, as what it then behaves, and why it
// steals it, if it does.
const childKey, childAs, childSteal = "CLAIM_TEST_KEY", "CLAIM_TEST_AS", "CLAIM_TEST_STEAL"

// TestMain lets the test's own program be another process: with another state folder, as far as a claim can know.
func TestMain(m *testing.M) {
	key := os.Getenv(childKey)
	if key == "" {
		os.Exit(m.Run())
	}
	if err := another(key, os.Getenv(childAs), os.Getenv(childSteal)); err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

// another holds a claim. Each line on its input asks whether it still does.
func another(key, as, reason string) error {
	who := lease.Holder{Actor: "ben", Host: "bastion-1", PID: 1, Since: noon, Socket: "unix:///run/ben.sock", State: "/home/ben/state", Reason: reason}
	if as != "" {
		return squat(key, as)
	}
	claims := New(Config{})
	var c *Claim
	var err error
	if reason == "" {
		c, err = claims.Take(context.Background(), "ranker", []string{key}, who)
	} else {
		c, _, err = claims.Steal(context.Background(), "ranker", []string{key}, who)
	}
	if err != nil {
		return err
	}
	fmt.Println("held", len(c.Late()))
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		fmt.Println("asked:", c.Held(), len(c.Late()))
	}
	time.Sleep(time.Hour) // until it is killed
	return nil
}

// squat binds a name and is no holder: it says nothing, or garbage, or without end.
func squat(key, as string) error {
	name, _ := nameOf(key)
	l, err := net.Listen("unix", name)
	if err != nil {
		return err
	}
	fmt.Println("held 0")
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			switch as {
			case "garbage":
				fmt.Fprint(conn, "\x1b[2J{{{\n")
			case "root":
				fmt.Fprint(conn, `{"actor":"root","pid":1,"host":"x"}`+"\n")
			case "endless":
				for {
					if _, err := fmt.Fprint(conn, strings.Repeat("x", 1000)); err != nil {
						return
					}
				}
			case "rude":
				conn.Close()
			}
		}()
	}
}

// process is another one.
type process struct {
	t   *testing.T
	cmd *exec.Cmd
	in  interface{ Write([]byte) (int, error) }
	out *bufio.Reader
}

func start(t *testing.T, key, as, steal string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.CommandContext(t.Context(), os.Args[0])}
	p.cmd.Env = append(os.Environ(), childKey+"="+key, childAs+"="+as, childSteal+"="+steal)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.kill)
	return p
}

// says waits for its next line.
func (p *process) says() string {
	p.t.Helper()
	s, err := p.out.ReadString('\n')
	if err != nil {
		p.t.Fatalf("another process ended: %v", err)
	}
	return strings.TrimSpace(s)
}

// asked is what it says when it is asked whether it holds the claim.
func (p *process) asked() string {
	p.t.Helper()
	if _, err := p.in.Write([]byte("\n")); err != nil {
		p.t.Fatal(err)
	}
	return p.says()
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait() // killed, as was wanted
}

func (p *process) signal(s syscall.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// stopped waits until a process that was sent SIGSTOP has stopped.
func (p *process) stopped() {
	p.t.Helper()
	p.signal(syscall.SIGSTOP)
	for {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
		if err != nil {
			p.t.Fatal(err)
		}
		if _, rest, _ := strings.Cut(string(b), ") "); strings.HasPrefix(rest, "T") {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

func who(name string) lease.Holder {
	return lease.Holder{Actor: name, Host: "bastion-1", PID: os.Getpid(), Since: noon, Socket: "unix:///run/" + name + ".sock", State: "/home/" + name}
}

func thief(name string) lease.Holder {
	h := who(name)
	h.Reason = "the other one hangs"
	return h
}

// keyOf is one that no other run of the tests has.
func keyOf(t *testing.T) string {
	return fmt.Sprintf("%s %d %d", t.Name(), os.Getpid(), time.Now().UnixNano())
}

func heldBy(t *testing.T, err error) lease.Holder {
	t.Helper()
	held, ok := errors.AsType[*lease.Held](err)
	if !ok || !errors.Is(err, sources.ErrConflict) {
		t.Fatalf("want it held by somebody, got %v", err)
	}
	return held.By
}

// eventually waits for what another process or goroutine is about to do.
func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("never: %s", what)
		}
	}
}

func TestClaim_IsHeldByOneProcessAndNamesItToTheOther(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	if s := p.says(); s != "held 0" {
		t.Fatal(s)
	}
	_, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
	by := heldBy(t, err)
	if by.PID != p.cmd.Process.Pid || by.User == "" || by.Actor != "ben" || !by.Since.Equal(noon) {
		t.Errorf("held by %+v", by)
	}
	for _, want := range []string{"ranker: held by ben (user " + by.User + "), process " + fmt.Sprint(p.cmd.Process.Pid), "since 2026-01-05 12:00:00", "unix:///run/ben.sock", "/home/ben/state"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("want %q in %v", want, err)
		}
	}
	if by, ok := Look(t.Context(), []string{"another", key}); !ok || by.Actor != "ben" {
		t.Errorf("whoever looks finds %v, %v", by, ok)
	}
	p.kill()
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
	if err != nil {
		t.Fatalf("held by a process that was killed: %v", err)
	}
	c.Release()
	if by, ok := Look(t.Context(), []string{key}); ok {
		t.Errorf("what was given back is held by %v", by)
	}
}

func TestClaim_ServicesOfOneProcessShareWhatTheyDrive(t *testing.T) {
	key, claims := keyOf(t), New(Config{})
	one, err := claims.Take(t.Context(), "ranker", []string{key}, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	two, err := claims.Take(t.Context(), "ads", []string{key, key}, who("ana"))
	if err != nil {
		t.Fatalf("a second service behind the same plane: %v", err)
	}
	one.Release()
	if _, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ben")); err == nil || two.Held() != nil {
		t.Errorf("the end of one service let the other's go: %v, %v", err, two.Held())
	}
	two.Release()
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ben"))
	if err != nil {
		t.Fatal(err)
	}
	c.Release()
}

func TestClaim_AnyKeyThatTwoHaveInCommonMakesThemMeetAndNothingIsKeptOfTheRest(t *testing.T) {
	a, b, other := keyOf(t)+"a", keyOf(t)+"b", keyOf(t)+"c"
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{a, b}, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	heldBy(t, func() error {
		_, err := New(Config{}).Take(t.Context(), "ranker", []string{other, b}, who("ben"))
		return err
	}())
	for _, keys := range [][]string{{other}, nil} {
		d, err := New(Config{}).Take(t.Context(), "ranker", keys, who("ben"))
		if err != nil {
			t.Fatalf("%q: %v", keys, err)
		}
		if d.Held() != nil {
			t.Error(d.Held())
		}
		d.Release()
	}
}

func TestSteal_AsksTheHolderWhoSeesItAtItsNextQuestion(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	claims := New(Config{})
	if _, _, err := claims.Steal(t.Context(), "ranker", []string{key}, who("ana")); !errors.Is(err, sources.ErrInvalid) {
		t.Fatalf("stolen without a reason: %v", err)
	}
	c, from, err := claims.Steal(t.Context(), "ranker", []string{key}, thief("ana"))
	if err != nil || len(from) != 1 || from[0].Actor != "ben" || from[0].PID != p.cmd.Process.Pid {
		t.Fatalf("stolen from %v: %v", from, err)
	}
	defer c.Release()
	if c.Held() != nil || len(c.Late()) > 0 {
		t.Errorf("%v; not let go by %v", c.Held(), c.Late())
	}
	if s := p.asked(); !strings.Contains(s, "ranker: held by ana") || !strings.Contains(s, fmt.Sprintf("process %d", os.Getpid())) {
		t.Errorf("who lost it says %s", s)
	}
	p.kill()
	if c.Held() != nil {
		t.Errorf("the end of who lost it took it along: %v", c.Held())
	}
}

func TestSteal_FromAProcessThatIsStoppedGoesOnBesideItAndItFindsOutBeforeItWrites(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	c, from, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("ana"))
	if err != nil || len(from) != 1 || from[0].PID != p.cmd.Process.Pid {
		t.Fatalf("stolen from %v: %v", from, err)
	}
	defer c.Release()
	if c.Held() != nil || len(c.Late()) != 1 || c.Late()[0].PID != p.cmd.Process.Pid {
		t.Fatalf("%v; not let go by %v", c.Held(), c.Late())
	}
	if _, err := p.in.Write([]byte("\n")); err != nil { // it asks as soon as it wakes up
		t.Fatal(err)
	}
	p.signal(syscall.SIGCONT)
	if s := p.says(); !strings.Contains(s, "ranker: held by ana") {
		t.Errorf("the first that it hears after it woke up: %s", s)
	}
	eventually(t, "the name is ours", func() bool { return len(c.Late()) == 0 })
	if c.Held() != nil {
		t.Error(c.Held())
	}
}

func TestSteal_AThirdProcessMeetsTheThiefWhileTheHolderHangs(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	q := start(t, key, "", "ana is asleep")
	if s := q.says(); s != "held 1" {
		t.Fatal(s)
	}
	if by, ok := Look(t.Context(), []string{key}); !ok || by.PID != q.cmd.Process.Pid {
		t.Errorf("whoever looks finds %v", by)
	}
	p.kill()
	_, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("cy"))
	if by := heldBy(t, err); by.PID != q.cmd.Process.Pid {
		t.Errorf("the name of who ended is taken from the thief by a third: %v", err)
	}
	c, from, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("cy"))
	if err != nil || len(from) != 1 || from[0].PID != q.cmd.Process.Pid {
		t.Fatalf("a second thief stole from %v: %v", from, err)
	}
	defer c.Release()
	if s := q.asked(); !strings.Contains(s, "held by cy") {
		t.Errorf("the first thief says %s", s)
	}
}

func TestSteal_SecondThiefAsksTheFirstWhileTheHolderHangs(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	q := start(t, key, "", "ana is asleep")
	q.says()
	c, from, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("cy"))
	if err != nil || len(from) != 1 || from[0].PID != q.cmd.Process.Pid || len(c.Late()) != 1 {
		t.Fatalf("stolen from %v, still with %v: %v", from, c.Late(), err)
	}
	defer c.Release()
	if s := q.asked(); !strings.Contains(s, "held by cy") {
		t.Errorf("the first thief says %s", s)
	}
	p.signal(syscall.SIGCONT)
	if s := p.asked(); !strings.Contains(s, "held by ") {
		t.Errorf("the first holder says %s", s)
	}
	eventually(t, "the name is ours", func() bool { return len(c.Late()) == 0 })
	if c.Held() != nil {
		t.Error(c.Held())
	}
}

func TestClaim_SquatterIsNamedByTheKernelAndHangsNobody(t *testing.T) {
	for _, as := range []string{"mute", "garbage", "endless", "root", "rude"} {
		t.Run(as, func(t *testing.T) {
			t.Parallel()
			key := keyOf(t)
			p := start(t, key, as, "")
			p.says()
			_, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
			by := heldBy(t, err)
			if by.PID != p.cmd.Process.Pid || by.User == "" || strings.ContainsRune(err.Error(), '\x1b') {
				t.Errorf("held by %+v: %v", by, err)
			}
			c, _, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("ana"))
			if err != nil || c.Held() != nil || len(c.Late()) != 1 || c.Late()[0].PID != p.cmd.Process.Pid {
				t.Fatalf("stolen from a squatter: %v; still with %v", err, c.Late())
			}
			defer c.Release()
			p.kill()
			eventually(t, "the name is ours", func() bool { return len(c.Late()) == 0 })
			if c.Held() != nil {
				t.Error(c.Held())
			}
		})
	}
}

func TestDoor_LetsGoToItsOwnUserAndRootAndElseByTheRule(t *testing.T) {
	asked := 0
	refuse := func(h lease.Holder, p Peer) error {
		asked++
		return fmt.Errorf("%s of %s has the role viewer", h.Actor, p.Name)
	}
	grant := func(lease.Holder, Peer) error { return nil }
	self := os.Geteuid()
	for name, c := range map[string]struct {
		uid  int
		may  func(lease.Holder, Peer) error
		gone bool
	}{
		"its own user":            {self, refuse, true},
		"root":                    {0, refuse, true},
		"a stranger without role": {12345, refuse, false},
		"an operator":             {12345, grant, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := &door{may: c.may}
			fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
			if err != nil {
				t.Fatal(err)
			}
			defer syscall.Close(fds[0])
			defer syscall.Close(fds[1])
			d.answer(line{Actor: "ben", LetGo: true}, &call{peer: Peer{UID: c.uid, PID: 7}}, fds[0])
			if (d.gone != nil) != c.gone {
				t.Fatalf("let go: %v", d.gone)
			}
			if c.gone {
				return
			}
			b := make([]byte, mostLine)
			n, err := syscall.Read(fds[1], b)
			if err != nil {
				t.Fatal(err)
			}
			if l, ok, err := decode(b[:n]); err != nil || !ok || !strings.Contains(l.Refused, "ben of uid 12345 has the role viewer") {
				t.Errorf("it answers %s", b[:n])
			}
		})
	}
	if asked != 1 {
		t.Errorf("the rule was asked %d times", asked)
	}
}

func TestDoor_CallersWithoutEndHoldNobodyUp(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	c, err := New(Config{}).Take(t.Context(), "ranker", []string{key}, who("ana"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Release()
	name, _ := nameOf(key)
	for range 3 * mostCalls {
		conn, err := net.Dial("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if c.Held() != nil {
			t.Fatal(c.Held())
		}
	}
	d, _, err := New(Config{}).Steal(t.Context(), "ranker", []string{key}, thief("ben"))
	if err != nil || len(d.Late()) > 0 {
		t.Fatalf("%v, still with %v", err, d.Late())
	}
	defer d.Release()
	heldBy(t, c.Held())
}

// Nobody but the question itself hears who called here, as in a process that wakes up and asks before anything else runs.
func TestDoor_WhoeverAsksHearsAllThatCameBefore(t *testing.T) {
	name, _ := nameOf(keyOf(t))
	d, err := bind(name, who("ana"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if by := d.look(); by != nil {
		t.Fatalf("let go to %v", by)
	}
	for range backlog - 1 { // strangers who say nothing stand before it
		conn, err := net.Dial("unix", name)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	c, err := net.Dial("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Write(line{Actor: "ben", LetGo: true}.encode()); err != nil {
		t.Fatal(err)
	}
	if by := d.look(); by == nil || by.Actor != "ben" || by.PID != os.Getpid() {
		t.Errorf("who asked first hears of %v", by)
	}
}

func TestDoor_ARequestOfSomebodyWhoHungUpIsNone(t *testing.T) {
	t.Parallel()
	key := keyOf(t)
	p := start(t, key, "", "")
	p.says()
	p.stopped()
	name, _ := nameOf(key)
	conn, err := net.Dial("unix", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(line{Actor: "gone", LetGo: true}.encode()); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	p.signal(syscall.SIGCONT)
	if s := p.asked(); s != "asked: <nil> 0" {
		t.Errorf("it let go to nobody: %s", s)
	}
}

func TestLine_SaysWhoByTheKernelsWordAndCutsWhatIsLong(t *testing.T) {
	long := strings.Repeat("é", 10000)
	l, ok, err := decode(line{Actor: long, Host: long, Reason: long, State: long, Socket: long, PID: 7, Since: noon}.encode())
	if err != nil || !ok || len(l.Actor) == 0 || len(l.Actor) > mostWord {
		t.Errorf("a long line: %d bytes of actor, %v, %v", len(l.Actor), ok, err)
	}
	bad := line{Actor: strings.Repeat("\x01", 1000), Reason: strings.Repeat("\x01", 1000), Refused: strings.Repeat("\x01", 1000), LetGo: true}.encode()
	if l, ok, err := decode(bad); err != nil || !ok || !l.LetGo || len(bad) > mostLine {
		t.Errorf("%d bytes that need six each: %v, %v", len(bad), ok, err)
	}
	if h := (line{Actor: "root", PID: 1}).holder(Peer{UID: 1000, PID: 4711, Name: "mallory"}); h.PID != 4711 || h.User != "mallory" || !strings.Contains(h.String(), "root (user mallory), process 4711") {
		t.Errorf("it is believed: %v", h)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(lineOf(who("ana")).encode())
	f.Add(line{LetGo: true, Reason: "\x1b[2J\u202e"}.encode())
	f.Add([]byte(`{"actor":` + "\n"))
	f.Add([]byte(`[]` + "\n" + `{}`))
	f.Add([]byte(strings.Repeat("x", mostLine)))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, ok, err := decode(b)
		if ok && err != nil {
			t.Fatalf("both a line and %v", err)
		}
		if !ok {
			return
		}
		said := l.holder(Peer{PID: 7, Name: "ben"}).String()
		if strings.ContainsAny(said, "\x1b\n\x00") || len(said) > 16*mostLine {
			t.Fatalf("it says %q", said)
		}
		again, ok, err := decode(l.encode())
		if !ok || err != nil {
			t.Fatalf("%+v cannot be said again: %v", l, err)
		}
		if x, _ := json.Marshal(l); len(x) < mostLine/2 && again.LetGo != l.LetGo {
			t.Fatalf("%+v became %+v", l, again)
		}
	})
}
