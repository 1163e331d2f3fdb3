//go:build integration

package rig

import (
	"os/exec"
	"strings"
	"testing"
	"time"
)

// paints answers the size of its terminal whenever a line is entered, asks the terminal for its cursor and shows the answer, in the other screen.
const paints = `printf '\033[?1049h\033[2J\033[1;1Hready'
stty -echo -icanon min 1
printf '\033[3;5H\033[6n'; reply=$(dd bs=6 count=1 2>/dev/null | tr -d '\033'); printf '\033[2;1Hcursor %s ' "$reply"
while key=$(dd bs=1 count=1 2>/dev/null); do
  case $key in q) break ;; esac
  printf '\033[4;1Hkey %s size %s  ' "$key" "$(stty size)"
done
printf '\033[?1049l'; exit 5`

func TestConsole_ReadsTheScreenAnswersTheProgramAndFollowsAResize(t *testing.T) {
	cmd := exec.Command("sh", "-c", paints)
	cmd.Env = []string{"TERM=xterm-256color", "PATH=/usr/bin:/bin"}
	c, err := StartConsole(folder(t), "paints", cmd, 80, 24)
	must(t, err)
	t.Cleanup(c.Stop)

	shows := func(text string) {
		t.Helper()
		_, err := c.WaitFor(text, 5*time.Second, func(screen string) bool { return strings.Contains(screen, text) })
		must(t, err)
	}
	shows("ready")
	shows("cursor [3;5R")
	must(t, c.Press("R"))
	shows("key R size 24 80")
	must(t, c.Resize(60, 15))
	must(t, c.Press("x"))
	shows("key x size 15 60")
	must(t, c.Press("q"))
	if code, err := c.Wait(5 * time.Second); code != 5 || err != nil {
		t.Errorf("ended with code %d, %v", code, err)
	}
	if _, err := c.WaitFor("anything", time.Second, func(string) bool { return false }); err == nil {
		t.Error("waiting for a screen of a program that ended gave no error")
	}
}
