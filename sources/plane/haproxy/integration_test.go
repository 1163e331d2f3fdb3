//go:build integration

package haproxy

import (
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"rampart/sources"
	"rampart/sources/sourcetest"
	"rampart/sources/sourcetest/loopback"
)

// real is a HAProxy of the machine in master-worker mode, before two model servers of legacy and one of the candidate.
type real struct {
	dir, front, admin string
	master            *exec.Cmd
}

// program finds a program, or ends the test: skipped by hand, failed where CI says that it must be there.
func program(t *testing.T, name string) string {
	t.Helper()
	for _, at := range []string{name, "/usr/sbin/" + name} {
		if path, err := exec.LookPath(at); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("skipped: %s is not installed", name)
	return ""
}

func freeAddr(t *testing.T) string {
	t.Helper()
	ports, err := loopback.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	return loopback.Addr(ports[0])
}

func newReal(t *testing.T) *real {
	t.Helper()
	h := &real{dir: t.TempDir(), front: freeAddr(t), admin: freeAddr(t)}
	var servers strings.Builder
	for name, weight := range map[string]int{"stable-1": 100, "stable-2": 90, "canary-1": 10} {
		up := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		t.Cleanup(up.Close)
		fmt.Fprintf(&servers, "  server %s %s weight %d\n", name, up.Listener.Addr(), weight)
	}
	config := fmt.Sprintf(`global
  stats socket unix@%[1]s/admin.sock mode 600 level admin
  stats socket unix@%[1]s/operator.sock mode 600 level operator
  stats socket ipv4@%[2]s level admin
defaults
  mode http
  timeout connect 1s
  timeout client 5s
  timeout server 5s
frontend fe
  bind %[3]s
  default_backend be
backend be
  balance roundrobin
%[4]sbackend static
  balance static-rr
%[4]s%[5]s`, h.dir, h.admin, h.front, servers.String(), others(servers.String()))
	path := filepath.Join(h.dir, "haproxy.cfg")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(h.dir, "admin.sock"), filepath.Join(h.dir, "s")); err != nil {
		t.Fatal(err)
	}
	h.master = start(t, h.dir, program(t, "haproxy"), "-W", "-db", "-f", path)
	soon(t, "haproxy answers", func() bool { return h.pid() != "" })
	return h
}

// others are the backends of other services, with the same servers.
func others(servers string) string {
	var b strings.Builder
	for i := range 150 {
		fmt.Fprintf(&b, "backend other-%03d\n  balance roundrobin\n%s", i, servers)
	}
	return b.String()
}

// start runs a program until the test ends; what it says is shown when the test fails.
func start(t *testing.T, dir, path string, args ...string) *exec.Cmd {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, filepath.Base(path)+".log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
		if said, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("%s said:\n%s", path, said)
		}
		log.Close()
	})
	return cmd
}

func soon(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

func (h *real) ask(command string) string {
	c, err := net.Dial("unix", filepath.Join(h.dir, "admin.sock"))
	if err != nil {
		return ""
	}
	defer c.Close()
	fmt.Fprintln(c, command)
	b, _ := io.ReadAll(c)
	return string(b)
}

func (h *real) pid() string {
	_, rest, _ := strings.Cut(h.ask("show info"), "\nPid: ")
	return firstLine(rest)
}

// reload asks for a new worker until there is one: a master that has just started loses the signal.
func (h *real) reload(t *testing.T) {
	t.Helper()
	before, asked := h.pid(), time.Time{}
	soon(t, "a new worker answers", func() bool {
		if time.Since(asked) > time.Second {
			asked = time.Now()
			_ = h.master.Process.Signal(syscall.SIGUSR2)
		}
		now := h.pid()
		return now != "" && now != before
	})
}

func (h *real) traffic(t *testing.T, n int) {
	t.Helper()
	for range n {
		resp, err := http.Get("http://" + h.front)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
}

// plane reaches the backend by an address; the path of a socket is a link, so that rights can be taken away.
func (h *real) plane(t *testing.T, socket, backend string, conf SSH) *Plane {
	t.Helper()
	p, err := New(Config{
		Sockets: []string{socket}, Backend: backend, SSH: conf,
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (h *real) world(t *testing.T, p *Plane) sourcetest.PlaneWorld {
	return sourcetest.PlaneWorld{
		Plane: p,
		Meddle: func(_ *testing.T, s sources.Share) {
			h.ask(fmt.Sprintf("set server be/canary-1 weight %d", int(190*s.Fraction()/(1-s.Fraction()))))
		},
		Leave: func(t *testing.T) {
			_ = h.master.Process.Signal(syscall.SIGTERM)
			soon(t, "haproxy is gone", func() bool { return h.pid() == "" })
		},
		Reload:  h.reload,
		Traffic: h.traffic,
	}
}

func TestRealHAProxy_KeepsThePromisesOverUnixTCPAndSSH(t *testing.T) {
	t.Run("unix", func(t *testing.T) {
		sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
			h := newReal(t)
			w := h.world(t, h.plane(t, "unix://"+h.dir+"/s", "be", SSH{}))
			w.Deny = func(t *testing.T) {
				os.Remove(filepath.Join(h.dir, "s"))
				if err := os.Symlink(filepath.Join(h.dir, "operator.sock"), filepath.Join(h.dir, "s")); err != nil {
					t.Fatal(err)
				}
			}
			return w
		})
	})
	t.Run("tcp", func(t *testing.T) {
		sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
			h := newReal(t)
			return h.world(t, h.plane(t, "tcp://"+h.admin, "be", SSH{}))
		})
	})
	t.Run("ssh", func(t *testing.T) {
		addr, conf := newSSHD(t)
		sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
			h := newReal(t)
			return h.world(t, h.plane(t, "ssh://"+addr+h.dir+"/s", "be", conf))
		})
	})
}

func TestRealHAProxy_RoutesTheShareThatWasSetAndShowsIt(t *testing.T) {
	h := newReal(t)
	p := h.plane(t, "unix://"+h.dir+"/s", "be", SSH{})
	rc := applied(t, p, to(20*percent))
	h.traffic(t, 400)
	out := confirmed(t, p, rc)
	if out.Rung != sources.Observed || out.Requests.Candidate < 78 || out.Requests.Candidate > 82 {
		t.Errorf("%v after %v, asked %v", out.Rung, out.Requests, rc.Change.To)
	}
	r := read(t, p)
	if !r.File.Known || r.File.Candidate != 5*percent {
		t.Errorf("the file has %v", r.File)
	}
}

func TestRealHAProxy_AnswersManyServicesOverOneConnectionAsItAnswersEachAlone(t *testing.T) {
	h := newReal(t)
	l, watches, planes := NewLookout(), []*Watch(nil), []*Plane(nil)
	for i := range 150 { // more than one line takes
		backend := []string{"be", "static", fmt.Sprintf("other-%03d", i)}[i%3]
		p := h.plane(t, "unix://"+h.dir+"/s", backend, SSH{})
		w, _ := l.Join(p)
		planes, watches = append(planes, p), append(watches, w)
	}
	before := h.connections(t)
	got := together(t.Context(), watches...)
	if n := h.connections(t) - before; n > 4 { // of which one is the second question for their number
		t.Errorf("%d connections for %d services", n, len(planes))
	}
	for i, p := range planes {
		alone, err := p.Read(t.Context())
		alone.At, got[i].At = time.Time{}, time.Time{}
		for _, r := range []*sources.Reading{&alone, &got[i].Reading} { // when, and what was counted meanwhile
			r.Configured.At, r.Effective.At, r.File.At = time.Time{}, time.Time{}, time.Time{}
			for k := range r.Members {
				r.Members[k].Configured.At = time.Time{}
			}
			for k := range r.Notes {
				r.Notes[k].At = time.Time{}
			}
		}
		if fmt.Sprint(got[i].err) != fmt.Sprint(err) || fmt.Sprintf("%+v", got[i].Reading) != fmt.Sprintf("%+v", alone) {
			t.Fatalf("%s: %+v (%v), alone %+v (%v)", p.conf.Backend, got[i].Reading, got[i].err, alone, err)
		}
	}
}

// connections counts those that the runtime API has taken.
func (h *real) connections(t *testing.T) int {
	t.Helper()
	for line := range strings.Lines(h.ask("show info")) {
		if n, ok := strings.CutPrefix(line, "CumConns: "); ok {
			i, err := strconv.Atoi(strings.TrimSpace(n))
			if err != nil {
				t.Fatal(err)
			}
			return i
		}
	}
	t.Fatal("no CumConns in show info")
	return 0
}

func TestRealHAProxy_AFleetWithOneMemberDownIsRolledBackWhereItCanBe(t *testing.T) {
	up, down := newReal(t), newReal(t)
	p, err := New(Config{
		Sockets: []string{"unix://" + down.dir + "/s", "unix://" + up.dir + "/s"}, Backend: "be",
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	c := planned(t, p, rollBack)
	_ = down.master.Process.Signal(syscall.SIGTERM)
	soon(t, "one haproxy is gone", func() bool { return down.pid() == "" })
	rc, err := p.Apply(t.Context(), c)
	if !errors.Is(err, sources.ErrPartial) || !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "1 of 2 members") {
		t.Errorf("said %v", err)
	}
	failed := map[string]bool{}
	for _, a := range rc.Answer {
		failed[a.Write.Member] = a.Err != nil
	}
	if !failed["unix://"+down.dir+"/s"] || failed["unix://"+up.dir+"/s"] {
		t.Errorf("answers %+v", rc.Answer)
	}
	if got := up.ask("get weight be/canary-1"); !strings.HasPrefix(got, "0 ") {
		t.Errorf("the member that is up has %q", got)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Sent || !errors.Is(out.Err, sources.ErrPartial) {
		t.Errorf("%v, %v, %v", out.Rung, out.Err, err)
	}
	r, err := p.Read(t.Context())
	if !errors.Is(err, sources.ErrPartial) {
		t.Errorf("read: %v", err)
	}
	if again, err := p.Plan(t.Context(), r, rollBack); err != nil || again.NoOp {
		t.Errorf("a rollback is not over while a member is not known: %v, %v", again.NoOp, err)
	}
}

func TestRealHAProxy_RefusesWhatItCannot(t *testing.T) {
	h := newReal(t)
	static := h.plane(t, "unix://"+h.dir+"/s", "static", SSH{})
	if _, err := static.Plan(t.Context(), read(t, static), to(20*percent)); !errors.Is(err, sources.ErrUnsupported) {
		t.Errorf("a static algorithm: %v", err)
	}
	applied(t, static, rollBack)
	if r := read(t, static); r.Configured.Candidate != 0 {
		t.Errorf("rolled back with a static algorithm: %v", r.Configured)
	}

	p := h.plane(t, "unix://"+h.dir+"/operator.sock", "static", SSH{})
	c, err := p.Plan(t.Context(), read(t, p), sources.Intent{ID: "p", Verb: sources.Promote})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("a socket of level operator: %v", err)
	}
	c.Writes = []sources.Write{{Member: c.Writes[0].Member, Request: "set server be/nobody weight 1"}}
	c.Intent.Verb = sources.RollBack
	p = h.plane(t, c.Writes[0].Member, "be", SSH{})
	p.conf.Sockets[0], p.sockets[0].dial = "", netDial("unix", h.dir+"/admin.sock")
	if _, err := p.Apply(t.Context(), c); !errors.Is(err, sources.ErrConflict) || !strings.Contains(err.Error(), "No such server") {
		t.Errorf("an unknown server: %v", err)
	}
	if _, err := h.plane(t, "unix://"+h.dir+"/s", "nobody", SSH{}).Read(t.Context()); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("an unknown backend: %v", err)
	}
}

// newSSHD starts an OpenSSH server that lets this user in by one key, which an agent holds.
func newSSHD(t *testing.T) (at string, conf SSH) {
	t.Helper()
	path, dir := program(t, "sshd"), t.TempDir()
	hostKey, hostPrivate := newKey(t)
	userKey, userPrivate := newKey(t)
	block, err := ssh.MarshalPrivateKey(hostPrivate, "")
	if err != nil {
		t.Fatal(err)
	}
	addr := freeAddr(t)
	_, port, _ := strings.Cut(addr, ":")
	for name, text := range map[string]string{
		"host_key":    string(pem.EncodeToMemory(block)),
		"authorized":  string(ssh.MarshalAuthorizedKey(userKey.PublicKey())),
		"known_hosts": knownhosts.Line([]string{knownhosts.Normalize(addr)}, hostKey.PublicKey()) + "\n",
		"sshd_config": fmt.Sprintf("Port %s\nListenAddress 127.0.0.1\nHostKey %[2]s/host_key\nAuthorizedKeysFile %[2]s/authorized\nPidFile none\n"+
			"StrictModes no\nUsePAM no\nPasswordAuthentication no\nAllowTcpForwarding yes\nAllowStreamLocalForwarding yes\nPermitRootLogin prohibit-password\n", port, dir),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if os.Geteuid() == 0 {
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			t.Fatal(err)
		}
	}
	start(t, dir, path, "-D", "-e", "-f", filepath.Join(dir, "sshd_config"))
	soon(t, "sshd listens", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return me.Username + "@" + addr, SSH{KnownHosts: []string{filepath.Join(dir, "known_hosts")}, Agent: serveAgent(t, dir, userPrivate)}
}
