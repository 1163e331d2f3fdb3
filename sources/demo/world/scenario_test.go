package world_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"rampart/sources/demo/world"
)

func ln(x float64) float64 { return math.Log(x) }

// story opens a world in a scenario.
func story(t testing.TB, name string) (*world.World, world.Scenario) {
	t.Helper()
	s, ok := world.ScenarioNamed(name)
	if !ok {
		t.Fatalf("no scenario %q", name)
	}
	return open(t, func(spec *world.Spec) { spec.Scenario, spec.Rate = name, 60 }), s
}

func TestHealthy_BothArmsFailAndSlowAlike(t *testing.T) {
	w, _ := story(t, "healthy")
	stable, canary := between(w, -20*time.Minute, 0)
	// 60 requests a second, some four of them the canary's: the ratio of ratios of 20 errors to 250 lies within half and double.
	if r := canary.errorRatio() / stable.errorRatio(); r < .5 || r > 2 {
		t.Errorf("errors %.4f v %.4f", stable.errorRatio(), canary.errorRatio())
	}
	if r := canary.slowShare() / stable.slowShare(); r < .7 || r > 1.4 {
		t.Errorf("slow %.4f v %.4f", stable.slowShare(), canary.slowShare())
	}
	if got := stable.errorRatio(); got < .003 || got > .006 {
		t.Errorf("legacy fails at %.4f, want about .0042", got)
	}
	for _, f := range world.Features() {
		if v := psi(stable, canary, "feature_"+f.Name, f.Edges); v > .02 {
			t.Errorf("%s drifts by %.3f in a healthy world", f.Name, v)
		}
	}
}

func TestHealthy_TheNewModelScoresHigher(t *testing.T) {
	w, _ := story(t, "healthy")
	stable, canary := between(w, -10*time.Minute, 0)
	a, b := stable.sum["model_score_sum"]/stable.sum["model_score_count"], canary.sum["model_score_sum"]/canary.sum["model_score_count"]
	if a < .28 || a > .34 || b < a+.03 || b > a+.09 {
		t.Errorf("mean score %.3f v %.3f", a, b)
	}
}

func TestErrorBurst_TheCandidateFailsThreeTimesAsOften(t *testing.T) {
	w, s := story(t, "error-burst")
	stable, canary := between(w, s.Onset, 0)
	if r := canary.errorRatio() / stable.errorRatio(); r < 3 || r > 6 {
		t.Errorf("%.4f v %.4f, ratio %.1f", stable.errorRatio(), canary.errorRatio(), r)
	}
	if n := canary.errors; n < 15 {
		t.Errorf("%v errors only: the opening frame should have a call", n)
	}
}

func TestSlowTail_MovesTheTailAndNotTheMedian(t *testing.T) {
	w, s := story(t, "slow-tail")
	stable, canary := between(w, s.Onset, 0)
	if r := canary.slowShare() / stable.slowShare(); r < 1.4 {
		t.Errorf("above 250 ms: %.4f v %.4f", stable.slowShare(), canary.slowShare())
	}
	if a, b := stable.quick/stable.requests, canary.quick/canary.requests; math.Abs(a-b) > .03 {
		t.Errorf("within 50 ms: %.3f v %.3f", a, b)
	}
}

func TestSlowLeak_GetsSlowerByTheMinute(t *testing.T) {
	w, s := story(t, "slow-leak")
	_, early := between(w, s.Onset, s.Onset+4*time.Minute)
	stable, late := between(w, -4*time.Minute, 0)
	if late.slowShare() < 2*stable.slowShare() || late.slowShare() < early.slowShare() {
		t.Errorf("above 250 ms: first %.4f, now %.4f, legacy %.4f", early.slowShare(), late.slowShare(), stable.slowShare())
	}
	if grown := late.sum["process_resident_memory_bytes"]; grown < 1e8 {
		t.Errorf("memory grew by %.0f bytes", grown)
	}
}

func TestLowTraffic_LeavesLittleToJudge(t *testing.T) {
	w, _ := story(t, "low-traffic")
	stable, canary := between(w, -10*time.Minute, 0)
	if n := stable.requests + canary.requests; n < 450 || n > 800 || canary.requests > 100 {
		t.Errorf("%v and %v requests in ten minutes", stable.requests, canary.requests)
	}
}

func TestFeatureDrift_ShowsInTheFeaturesThatMoved(t *testing.T) {
	w, s := story(t, "feature-drift")
	stable, canary := between(w, s.Onset, 0)
	for _, f := range world.Features() {
		v := psi(stable, canary, "feature_"+f.Name, f.Edges)
		if moved := f.Name == "ctr_7d" || f.Name == "ctr_1d"; moved && v < .05 || !moved && v > .03 {
			t.Errorf("%s: PSI %.3f", f.Name, v)
		}
	}
	if v := psi(stable, canary, "feature_ctr_7d", world.Features()[1].Edges); v < .2 {
		t.Errorf("ctr_7d: PSI %.3f, want it over the limit of the demo's guard", v)
	}
}

func TestBothWorse_LegacyIsWorseToo(t *testing.T) {
	w, s := story(t, "both-worse")
	before, _ := between(w, s.Onset-5*time.Minute, s.Onset)
	stable, canary := between(w, s.Onset, 0)
	if stable.errorRatio() < 3*before.errorRatio() || stable.errorRatio() < .02 {
		t.Errorf("legacy %.4f before, %.4f now", before.errorRatio(), stable.errorRatio())
	}
	if r := canary.errorRatio() / stable.errorRatio(); r < .6 || r > 1.6 {
		t.Errorf("ratio %.2f: the arms should fail alike", r)
	}
}

func TestCandidateCrashLoop_OnlyTheBalancerSeesIt(t *testing.T) {
	w, s := story(t, "candidate-crash-loop")
	w.RunTo(opens().Add(s.Onset))
	before := balancer(w, world.Canary)
	w.RunTo(opens())
	after := balancer(w, world.Canary)
	if refused := after.ConnErrors - before.ConnErrors; refused < 20 {
		t.Errorf("%d refused connections", refused)
	}
	if after.Retries < after.ConnErrors*3 || after.RespErrors == before.RespErrors {
		t.Errorf("retries %d, cut answers %d", after.Retries, after.RespErrors)
	}
	if n := after.Codes[4] - before.Codes[4]; n > (after.ConnErrors-before.ConnErrors)/2 {
		t.Errorf("%d errors reported by the candidate itself: it should report next to none", n)
	}
	restarts := 0
	for _, p := range w.Pods() {
		restarts += p.Restarts()
	}
	if restarts < 4 {
		t.Errorf("%d restarts", restarts)
	}
}

// balancer adds up what the balancer counted for a track.
func balancer(w *world.World, t world.Track) (sum world.Counters) {
	for _, s := range w.Router().Servers() {
		if s.Track == t {
			sum.ConnErrors += s.ConnErrors
			sum.RespErrors += s.RespErrors
			sum.Retries += s.Retries
			sum.Balanced += s.Balanced
			for i, n := range s.Codes {
				sum.Codes[i] += n
			}
		}
	}
	return sum
}

func TestPrometheusDown_BeginsAfterTheOpening(t *testing.T) {
	w, s := story(t, "prometheus-down")
	w.RunTo(opens())
	if w.Bend().PrometheusDown || s.Onset <= 0 {
		t.Fatal("down at the opening: nobody would see it begin")
	}
	w.RunTo(opens().Add(s.Onset + 2*time.Second))
	if !w.Bend().PrometheusDown {
		t.Fatal("still up")
	}
	w.Heal()
	w.Step()
	if w.Bend().PrometheusDown {
		t.Fatal("still down after healing")
	}
}

func TestElasticLag_StoresLinesMinutesLate(t *testing.T) {
	w, _ := story(t, "elastic-lag")
	w.RunTo(opens())
	lines := w.Lines()
	if len(lines) == 0 || slices.ContainsFunc(lines, func(l world.Line) bool { return l.Ingested.Sub(l.At) < 4*time.Minute }) {
		t.Fatalf("%d lines in the last second, some not late", len(lines))
	}
}

func TestSplitReverted_ComesBackAfterARollback(t *testing.T) {
	w, _ := story(t, "split-reverted-by-someone")
	w.RunTo(opens().Add(5 * time.Second))
	for _, s := range w.Router().Servers() {
		if s.Track == world.Canary {
			w.Router().SetWeight(s, 0)
		}
	}
	w.RunTo(opens().Add(35 * time.Second))
	if share := w.Router().Share(w.Now()); share != 0 {
		t.Fatalf("share %.3f before the script ran", share)
	}
	w.RunTo(opens().Add(45 * time.Second))
	if share := w.Router().Share(w.Now()); share < .09 || share > .11 {
		t.Fatalf("share %.3f after the script ran, want the ramp's ten percent", share)
	}
}

func TestBreakAndHeal_AnyTime(t *testing.T) {
	w, _ := story(t, "healthy")
	w.RunTo(opens())
	if _, broken := w.Broken(); broken {
		t.Fatal("broken at the opening")
	}
	w.Break()
	if s, broken := w.Broken(); !broken || s.Name != "error-burst" {
		t.Fatalf("broken %v by %q", broken, s.Name)
	}
	stable, canary := between(w, 0, 4*time.Minute)
	if canary.errorRatio() < 2*stable.errorRatio() {
		t.Errorf("%.4f v %.4f after Break", stable.errorRatio(), canary.errorRatio())
	}
	w.Heal()
	stable, canary = between(w, 4*time.Minute, 12*time.Minute)
	if canary.errorRatio() > 2*stable.errorRatio() {
		t.Errorf("%.4f v %.4f after Heal", stable.errorRatio(), canary.errorRatio())
	}
}

func TestScenarios_AllHaveASentenceAndAreNamedOnce(t *testing.T) {
	names := map[string]bool{}
	for _, s := range world.Scenarios() {
		if s.Sentence == "" || names[s.Name] {
			t.Errorf("%q: sentence %q", s.Name, s.Sentence)
		}
		names[s.Name] = true
		if s.Bend(-time.Second) != (world.Bend{}) {
			t.Errorf("%s bends the world before it begins", s.Name)
		}
	}
	for _, want := range []string{
		"healthy", "error-burst", "slow-tail", "slow-leak", "low-traffic", "feature-drift", "both-worse", "candidate-crash-loop", "prometheus-down",
		"elastic-lag", "split-reverted-by-someone",
	} {
		if !names[want] {
			t.Errorf("%s is missing", want)
		}
	}
}

// causes counts a world's lines by track and cause from one moment to another.
func causes(t *testing.T, name string, from time.Duration) map[string]map[world.Cause]int {
	t.Helper()
	w, _ := story(t, name)
	out := map[string]map[world.Cause]int{"stable": {}, "canary": {}}
	begin := w.Spec().Opens.Add(from)
	for w.Now().Before(w.Spec().Opens.Add(4 * time.Minute)) {
		w.Step()
		for _, l := range w.Lines() {
			if !l.At.Before(begin) {
				out[l.Pod.Track.String()][l.Cause]++
			}
		}
	}
	return out
}

func TestChattyTemplate_TheCandidateCallsMoreRequestsBad(t *testing.T) {
	got := causes(t, "chatty-template", -4*time.Minute)
	// 60 requests a second for four minutes: some 130 bad requests of the 90 % of legacy, and 43 of the canary's tenth.
	stable, canary := float64(got["stable"][world.BadRequest])/.9, float64(got["canary"][world.BadRequest])/.1
	if r := canary / stable; r < 2 || r > 4.5 {
		t.Errorf("ratio %.2f of %v", r, got)
	}
}

func TestCardLeak_OnlyTheCandidateWritesCards(t *testing.T) {
	got := causes(t, "card-leak", -4*time.Minute)
	if got["stable"][world.Charged] != 0 || got["canary"][world.Charged] < 10 {
		t.Errorf("%v", got)
	}
}
