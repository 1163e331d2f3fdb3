//go:build integration

package rig

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// reactionStep is the length of a block: longer than any reaction should be, so that the block which turned the call is the
// one that closed last. Its settle is a fifth of it.
const reactionStep = 2 * time.Second

// BenchmarkReaction_FromTheCloseOfTheBlockToTheIntentAndTheWrite lets a plan's rule roll back, again and again, by the
// binary's runner over a real Prometheus and a real HAProxy, and reads from the journal how long that took. It reports and
// judges nothing: what a busy machine adds is not the runner's. Ask for -benchtime=20x at least.
func BenchmarkReaction_FromTheCloseOfTheBlockToTheIntentAndTheWrite(b *testing.B) {
	s := rampStory(b)
	text, err := os.ReadFile(s.config)
	must(b, err)
	plan := `
    plan:
      steps: [20% for 1h, 100%]
      rules: [{measure: errors, of: success, over: 100, min_ratio: 1, then: rollback}]
`
	must(b, os.WriteFile(s.config, []byte(strings.Replace(string(text), "step: 1s", "step: "+reactionStep.String(), 1)+plan), 0o600))
	worse := Healthy() // enough for a rule without patience, and not for the evidence
	worse.Errors *= 2
	s.canary.Behave(worse)
	load := StartLoad(s.haproxy.Front, 400, time.Hour)
	b.Cleanup(load.Stop)
	runner, err := s.rampart.start("runner", "run", "-c", s.config)
	must(b, err)
	b.Cleanup(runner.Stop)
	eventually(b, time.Minute, s.stands(b, "idle"))
	s.succeeds(b, "ramp", "unlock", "1h", "--yes", "--reason", "bench")
	n := 0
	for b.Loop() {
		n++
		s.run(b, time.Minute, "ramp", "start", "--yes", "--reason", "again", "--timeout", "1s") // traffic need not show it in time
		eventually(b, time.Minute, s.stands(b, "rolled_back"))
	}
	path := filepath.Join(s.dir, "home", "state", "rampart", "rig", "audit.jsonl")
	for name, all := range reactions(b, path) {
		if len(all) < n {
			b.Errorf("%d of %d reactions in the journal", len(all), n)
		}
		slices.Sort(all)
		b.ReportMetric(all[len(all)/2], name+"-median-ms")
		b.ReportMetric(all[len(all)-1], name+"-most-ms")
	}
	b.ReportMetric(float64(reactionStep.Milliseconds())/5, "settle-ms")
	b.ReportMetric(s.queried(b), "query-mean-ms")
}

// asked are the seconds and the number of range queries that Prometheus has answered, by its own count.
var asked = regexp.MustCompile(`http_request_duration_seconds_(sum|count)\{handler="/api/v1/query_range"\} (\S+)`)

// queried is the mean time of a range query.
func (s *story) queried(b *testing.B) float64 {
	b.Helper()
	r, err := http.Get(s.prometheus.URL + "/metrics")
	must(b, err)
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	must(b, err)
	got := map[string]float64{}
	for _, m := range asked.FindAllSubmatch(text, -1) {
		got[string(m[1])], err = strconv.ParseFloat(string(m[2]), 64)
		must(b, err)
	}
	return 1000 * got["sum"] / got["count"]
}

// reactions are the times since the close of a block at which a rule's rollbacks were written down and sent.
func reactions(b *testing.B, path string) map[string][]float64 {
	b.Helper()
	text, err := os.ReadFile(path)
	must(b, err)
	since := func(at time.Time) float64 { return float64(at.Sub(at.Truncate(reactionStep)).Microseconds()) / 1000 }
	out := map[string][]float64{}
	for line := range strings.Lines(string(text)) {
		var l struct {
			Kind, Verb, Via string
			Time            time.Time
			Data            struct {
				SentAt time.Time `json:"sent_at"`
			}
		}
		must(b, json.Unmarshal([]byte(line), &l))
		switch {
		case l.Verb != "rollback" || l.Via != "rule":
		case l.Kind == "intent":
			out["intent"] = append(out["intent"], since(l.Time))
		case l.Kind == "receipt":
			out["sent"] = append(out["sent"], since(l.Data.SentAt))
		}
	}
	return out
}
