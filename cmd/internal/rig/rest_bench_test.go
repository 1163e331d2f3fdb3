package rig

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// How long a console is given to open, and how long it is then watched at rest.
const (
	restOpening = 12 * time.Second
	restWatched = 20 * time.Second
)

// BenchmarkWatch_AtRest says what a console on a real terminal costs beside a world in another process: switches of the
// scheduler after the opening, the most memory ever, and bytes a second. It reports and judges nothing: what a
// busy machine adds is not the console's.
func BenchmarkWatch_AtRest(b *testing.B) {
	if _, err := os.Stat("/proc/self/task"); err != nil {
		b.Skip("needs /proc")
	}
	dir := b.TempDir()
	r, err := FindRampart(dir)
	if err != nil {
		b.Skip(err)
	}
	world, err := startChild(dir, "world", r.path, "demo", "--serve")
	if err != nil {
		b.Fatal(err)
	}
	defer world.Stop()
	conf := servedConfig(b, world)
	for b.Loop() {
		began := time.Now()
		c, err := StartConsole(dir, "watch", r.Command("watch", "-c", conf), 120, 40)
		if err != nil {
			b.Fatal(err)
		}
		_, err = c.WaitFor("a first picture", restOpening, func(screen string) bool { return strings.TrimSpace(screen) != "" })
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "first-paint-ms")
		time.Sleep(restOpening)
		from, sent := costOf(b, c.cmd.Process.Pid), sizeOf(b, c.Log)
		time.Sleep(restWatched)
		to := costOf(b, c.cmd.Process.Pid)
		seconds := restWatched.Seconds()
		b.ReportMetric((to.switches-from.switches)/seconds, "switches/s")
		b.ReportMetric(to.resident, "MiB-most")
		b.ReportMetric(float64(sizeOf(b, c.Log)-sent)/seconds, "tty-B/s")
		c.Stop()
	}
}

// servedConfig waits for the config that the world prints and keeps it as a file.
func servedConfig(b *testing.B, world *Child) string {
	b.Helper()
	for range 100 {
		if text, err := os.ReadFile(world.Log); err == nil && strings.Contains(string(text), "steps:") {
			path := filepath.Join(b.TempDir(), "rampart.yaml")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				b.Fatal(err)
			}
			return path
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.Fatal("the world printed no config")
	return ""
}

// cost is what a process took from its machine since it began; resident is the most it ever held, in MiB.
type cost struct{ switches, resident float64 }

var (
	switched = regexp.MustCompile(`ctxt_switches:\s+(\d+)`)
	mostHeld = regexp.MustCompile(`VmHWM:\s+(\d+)`)
)

func costOf(b *testing.B, pid int) cost {
	b.Helper()
	dir := filepath.Join("/proc", strconv.Itoa(pid))
	threads, err := filepath.Glob(filepath.Join(dir, "task", "*", "status"))
	if err != nil || len(threads) == 0 {
		b.Fatalf("threads of %d: %v", pid, err)
	}
	var c cost
	for _, path := range threads {
		text, _ := os.ReadFile(path) // a thread may have ended
		c.switches += sum(switched, text)
	}
	text, _ := os.ReadFile(filepath.Join(dir, "status"))
	c.resident = sum(mostHeld, text) / 1024
	return c
}

func sum(number *regexp.Regexp, text []byte) float64 {
	var total float64
	for _, m := range number.FindAllSubmatch(text, -1) {
		n, _ := strconv.ParseFloat(string(m[1]), 64) // digits, by the pattern
		total += n
	}
	return total
}

func sizeOf(b *testing.B, path string) int64 {
	b.Helper()
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}
