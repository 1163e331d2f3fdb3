package world_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources/demo/world"
)

func TestParse_ReadsAWorldOverTheDefaults(t *testing.T) {
	s, err := world.Parse("w.yaml", []byte(`
seed: 9
opens: 2026-11-21T14:05:00Z
history: 10m
rate: 40
canary: {pods: 3, model: {version: "43", name: ranker-43, revision: abc}}
scenario: slow-tail
timeline:
  - {at: -9m, deploy: {track: canary}}
  - {at: -8m, share: 5%}
  - {at: -4m, weights: {canary-1: 20, canary-3: 0}}
  - {at: 1m, state: {canary-2: drain}}
  - {at: 2m, reload: true}
  - {at: 3m, scenario: healthy}
  - {at: 4m, rollback: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Seed != 9 || s.History != 10*time.Minute || s.Canary.Pods != 3 || s.Stable.Pods != 6 || s.Canary.Model.Version != "43" || s.Stable.Weight != 100 {
		t.Errorf("got %+v", s)
	}
	if len(s.Timeline) != 7 || s.Timeline[1].Share != 5 || s.Timeline[3].State["canary-2"] != "drain" {
		t.Errorf("timeline %+v", s.Timeline)
	}
	w, err := world.New(s)
	if err != nil {
		t.Fatal(err)
	}
	w.RunTo(s.Opens.Add(90 * time.Second))
	r := w.Router()
	if got := []int{r.Server("canary-1").Weight, r.Server("canary-3").Weight}; got[0] != 20 || got[1] != 0 || r.Server("canary-2").Admin != world.AdminDrain {
		t.Errorf("weights %v, canary-2 %v", got, r.Server("canary-2").Admin)
	}
	pid := r.PID
	w.RunTo(s.Opens.Add(5 * time.Minute))
	if r.PID == pid || r.Server("canary-1").Weight != 0 || r.Server("canary-2").Admin != world.AdminReady {
		t.Error("the reload left run-time state behind")
	}
}

func TestParse_NamesTheLine(t *testing.T) {
	for _, c := range []struct{ what, yaml, want string }{
		{"unknown key", "seed: 1\nhisory: 10m\n", "w.yaml:2:"},
		{"unknown key inside", "seed: 1\ncanary:\n  pods: 2\n  podz: 3\n", "w.yaml:4:"},
		{"wrong type", "seed: 1\nrate: many\n", "w.yaml:2:"},
		{"wrong duration", "history: soon\n", "w.yaml"},
		{"not YAML", "seed: [1\n", "w.yaml"},
		{"out of range", "seed: 1\nerror_rate: 2\n", "w.yaml:2: $.error_rate: must be between"},
		{"unknown scenario", "scenario: fire\n", `w.yaml:1: $.scenario: no scenario "fire", there are healthy, error-burst`},
		{"event without a deed", "timeline:\n  - {at: 1m, reload: true}\n  - {at: 2m}\n", "w.yaml:3: $.timeline[1]: has 0 deeds"},
		{"event with two deeds", "timeline:\n  - {at: 1m, reload: true, share: 5%}\n", "has 2 deeds"},
		{"share above all", "timeline:\n  - {at: 1m, share: 105%}\n", "share"},
		{"weight above all", "timeline:\n  - {at: 1m, weights: {canary-1: 300}}\n", `weight 300 of server "canary-1"`},
		{"server that is not there", "timeline:\n  - {at: 1m, weights: {canary-9: 3}}\n", `server "canary-9"`},
		{"state that is not one", "timeline:\n  - {at: 1m, state: {canary-1: off}}\n", `server "canary-1"`},
	} {
		if _, err := world.Parse("w.yaml", []byte(c.yaml)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", c.what, err, c.want)
		}
	}
}

func TestParse_ReadsTheWorldsOfTheTestdata(t *testing.T) {
	files, err := filepath.Glob("../testdata/world/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no world files: %v", err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := world.Parse(f, b); err != nil {
			t.Error(err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("seed: 1\ntimeline:\n  - {at: 1m, share: 5%}\n"))
	f.Add([]byte("scenario: fire"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := world.Parse("w.yaml", b)
		if err == nil && s.Validate() != nil {
			t.Error("a parsed world is not valid")
		}
	})
}
