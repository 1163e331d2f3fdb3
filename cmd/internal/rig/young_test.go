//go:build integration

package rig

import (
	"testing"
	"time"
)

// TestYoungRollout_ComparesDistributionsFromTheFirstScrapeOn starts every server, Prometheus and the console within
// seconds: no series has a sample before the rollout, so all that is known of zero is the start of the processes.
func TestYoungRollout_ComparesDistributionsFromTheFirstScrapeOn(t *testing.T) {
	t.Parallel()
	s := &story{dir: folder(t)}
	s.stable, s.canary = arms(t, nil)
	s.haproxy = balancer(t, s.dir, s.stable, s.canary)
	var err error
	s.prometheus, err = StartPrometheus(s.dir, append(s.stable.Targets(), s.canary.Targets()...), s.haproxy.Exporter)
	need(t, err)
	t.Cleanup(func() { s.prometheus.Stop() })
	s.rampart, err = FindRampart(s.dir)
	need(t, err)
	s.config, err = Render(s.dir, "rampart.yaml", settings{Prometheus: s.prometheus.URL, Sockets: []string{"unix://" + s.haproxy.Socket}})
	must(t, err)
	load := StartLoad(s.haproxy.Front, 150, 2*time.Minute)
	t.Cleanup(load.Stop)

	c := s.watch(t, "young", 150, 40)
	shows(t, c, time.Minute, `candidate 42 .*legacy 41`)
	must(t, c.Press("3"))
	t.Log(shows(t, c, time.Minute, `feature_ctr\S*\s+<?\.\d+ .* [1-9][\d.]*k?/[1-9]`, `model_score.* [1-9][\d.]*k?/[1-9]`))
	must(t, c.Press("2"))
	t.Log(shows(t, c, time.Minute, `p99`, `share of each cell`))
}
