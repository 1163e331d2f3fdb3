// Command shots takes the pictures of the README: it runs the built binary over its own demo in a pseudo terminal, waits
// until the broken candidate is called WORSE and its logs say why, and writes what the terminal shows as SVG.
//
// # Why
//
// A picture that is drawn by hand, or from a sample, goes on to show what the console no longer does. These are taken
// from the binary that people run, at the sizes they run it in.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"rampart/cmd/internal/rig"
)

// picture is one file: the terminal's size, the keys pressed first, and what the screen has to show.
type picture struct {
	name       string
	cols, rows int
	keys       []string
	shows      string
}

func pictures() []picture {
	return []picture{
		{"overview", 120, 40, nil, "CAND 30m"},
		{"overview_80x24", 80, 24, nil, "CANDIDATE"},
		{"overview_200x60", 200, 60, nil, "LINES LEG / CAND"},
		{"evidence", 120, 40, []string{"7"}, "TRUST"},
		{"traffic", 120, 40, []string{"4"}, "SERVER"},
		{"rollback", 120, 40, []string{"0", "R"}, "enter roll back"},
	}
}

func main() {
	binary := flag.String("rampart", "bin/rampart", "the binary to run")
	out := flag.String("o", "testdata/screens", "the folder to write to")
	flag.Parse()
	if err := take(*binary, *out); err != nil {
		fmt.Fprintln(os.Stderr, "shots:", err)
		os.Exit(1)
	}
}

func take(binary, out string) error {
	dir, err := os.MkdirTemp("", "rampart-shots-")
	if err != nil {
		return fmt.Errorf("take pictures: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cmd := exec.CommandContext(context.Background(), binary, "demo", "--broken", "--speed", "3", "--theme", "dark")
	cmd.Env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + dir, "XDG_STATE_HOME=" + dir, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
	}
	c, err := rig.StartConsole(dir, "demo", cmd, 120, 40)
	if err != nil {
		return err
	}
	defer c.Stop()
	// The logs tell the cause some time after the numbers tell the harm.
	for _, sign := range []string{"WORSE", "excess failures", "▲ KeyError", "● live"} {
		if _, err := c.WaitFor(sign, 3*time.Minute, shows(sign)); err != nil {
			return err
		}
	}
	for _, p := range pictures() {
		if err := p.take(c, out); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

func (p picture) take(c *rig.Console, out string) error {
	if err := c.Resize(p.cols, p.rows); err != nil {
		return err
	}
	if err := c.Press(p.keys...); err != nil {
		return err
	}
	if _, err := c.WaitFor(p.shows, time.Minute, shows(p.shows)); err != nil {
		return err
	}
	c.Settle(300 * time.Millisecond)
	f, err := os.Create(filepath.Join(out, p.name+".svg"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := c.WriteSVG(f); err != nil {
		return err
	}
	return f.Close()
}

// shows waits for a sign on a screen whose sources all keep up: on a busy machine one may be late for a moment, which is
// no picture of an ordinary day.
func shows(text string) func(string) bool {
	return func(screen string) bool {
		return strings.Contains(screen, text) && !strings.Contains(screen, "stale since")
	}
}
