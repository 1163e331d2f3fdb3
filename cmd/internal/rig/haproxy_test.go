//go:build integration

package rig

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

func TestHAProxy_SplitsRealRequestsByWeightUntilTheCandidateGetsNone(t *testing.T) {
	t.Parallel()
	stable, canary := arms(t, nil)
	h := balancer(t, folder(t), stable, canary)
	load := StartLoad(h.Front, 300, 20*time.Second)
	t.Cleanup(load.Stop)

	if share := measureShare(t, h, 600); math.Abs(share-0.2) > 0.02 {
		t.Errorf("the file gives the canary 20 %% of the requests, HAProxy sent %.1f %%", 100*share)
	}
	must(t, h.SetWeight("canary-1", 0))
	must(t, h.SetWeight("canary-2", 0))
	if share := measureShare(t, h, 300); share != 0 {
		t.Errorf("with weight 0 the canary still got %.1f %%", 100*share)
	}
	must(t, h.Reload())
	if share := measureShare(t, h, 300); math.Abs(share-0.2) > 0.03 {
		t.Errorf("a reload brings the file's 20 %% back, HAProxy sent %.1f %%", 100*share)
	}
	if served, _ := canary.Served(); served == 0 {
		t.Error("the canary's servers saw no request")
	}
}

// measureShare waits until so many more requests were sent and returns the canary's share of them.
func measureShare(t *testing.T, h *HAProxy, requests int) float64 {
	t.Helper()
	count := func() (legacy, candidate int) {
		legacy, err := h.Requests("stable-")
		must(t, err)
		candidate, err = h.Requests("canary-")
		must(t, err)
		return legacy, candidate
	}
	l0, c0 := count()
	var l, c int
	eventually(t, 10*time.Second, func() error {
		if l, c = count(); l+c < l0+c0+requests {
			return fmt.Errorf("%d requests so far", l+c-l0-c0)
		}
		return nil
	})
	return float64(c-c0) / float64(l+c-l0-c0)
}

func TestHAProxy_AnswersOnBothSocketsAndRefusesAWriteOnTheOperatorsOne(t *testing.T) {
	stable, canary := arms(t, nil)
	h := balancer(t, folder(t), stable, canary)
	for name, ask := range map[string]func(string) (string, error){"unix": h.Ask, "tcp": h.AskTCP} {
		answer, err := ask("get weight " + Backend + "/canary-1")
		if must(t, err); strings.TrimSpace(answer) != "30 (initial 30)" {
			t.Errorf("%s: %q", name, answer)
		}
	}
	answer, err := ask("unix", h.Operator, "set server "+Backend+"/canary-1 weight 1")
	if must(t, err); !strings.Contains(answer, "Permission denied") {
		t.Errorf("operator level: %q", answer)
	}
}
