//go:build integration

package rig

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestRamp_MeetsAReloadSomebodyElsesWeightAndALostSocket holds a ramp against what happens to a real router meanwhile: the
// file gives the candidate more than the plan, so a reload is taken back; a share that somebody lowered stays there and
// ends the ramp; a rollback that finds no socket goes on until there is one.
func TestRamp_MeetsAReloadSomebodyElsesWeightAndALostSocket(t *testing.T) {
	t.Parallel()
	s := rampStory(t)
	load := StartLoad(s.haproxy.Front, 200, 4*time.Minute)
	t.Cleanup(load.Stop)
	runner, err := s.rampart.start("runner", "run", "-c", s.config, "--plan", "2% for 1h, 100%")
	must(t, err)
	t.Cleanup(runner.Stop)
	eventually(t, time.Minute, s.stands(t, "idle"))
	s.succeeds(t, "ramp", "unlock", "15m", "--yes", "--reason", "drill")

	s.succeeds(t, "ramp", "start", "--yes", "--reason", "a reload comes")
	eventually(t, time.Minute, s.stands(t, "running, candidate at 2"))
	must(t, s.haproxy.Reload())
	eventually(t, time.Minute, s.journalled(t, func(e entry) bool {
		return e.Kind == "intent" && e.Verb == "set_split" && strings.Contains(e.Text, "reload")
	}))
	eventually(t, time.Minute, s.stands(t, "running, candidate at 2"))

	s.weights(t, 80, 0) // somebody at the router
	eventually(t, time.Minute, s.stands(t, "ended, candidate at 0 %"))
	must(t, s.shows(t, "a share found lower is not raised again")())
	must(t, s.weightsAreZero())

	s.succeeds(t, "ramp", "start", "--yes", "--reason", "a socket is lost")
	eventually(t, time.Minute, s.stands(t, "running, candidate at 2"))
	must(t, os.Rename(s.haproxy.Socket, s.haproxy.Socket+".away"))
	back, err := s.rampart.start("rollback", "rollback", "--yes", "--reason", "drill", "-c", s.config)
	must(t, err)
	t.Cleanup(back.Stop)
	eventually(t, time.Minute, says(back, "trying again"))
	must(t, os.Rename(s.haproxy.Socket+".away", s.haproxy.Socket))
	eventually(t, 2*time.Minute, says(back, "observed"))
	must(t, s.weightsAreZero())
	s.candidateIsSilent(t)
	s.verifies(t)
}

// says asks whether a program has said something.
func says(c *Child, text string) func() error {
	return func() error {
		if said := c.Tail(100_000); !strings.Contains(said, text) {
			return fmt.Errorf("no %q in\n%s", text, said)
		}
		return nil
	}
}
