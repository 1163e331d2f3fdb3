package world_test

import (
	"testing"
	"time"

	"rampart/sources/demo/world"
)

// TestShadow_TheCandidateAnswersWhatLegacyAnswersAndNobodySeesIt joins both arms' lines by their trace.
func TestShadow_TheCandidateAnswersWhatLegacyAnswersAndNobodySeesIt(t *testing.T) {
	spec := world.Default()
	spec.Opens, spec.Scenario, spec.History = time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC), "shadow", 10*time.Minute
	spec.Timeline = []world.Event{{At: -10 * time.Minute, Deploy: &world.Deploy{Track: "canary"}}}
	w, err := world.New(spec)
	if err != nil {
		t.Fatal(err)
	}
	legacy, candidate := map[string]world.Line{}, map[string]world.Line{}
	for w.Now().Before(spec.Opens) {
		w.Step()
		for _, l := range w.Lines() {
			switch {
			case l.Code != 200 || l.Of != 0:
			case l.Pod.Track == world.Stable:
				legacy[l.TraceID()] = l
			default:
				candidate[l.TraceID()] = l
			}
		}
	}
	pairs, other, served := 0, 0, len(legacy)
	for id, l := range candidate {
		first, ok := legacy[id]
		if !ok {
			t.Fatalf("the candidate answered %s, which legacy did not", id)
		}
		pairs++
		if first.Item() != l.Item() {
			other++
		}
		if first.User != l.User {
			t.Fatalf("%s was asked by two users", id)
		}
	}
	if pairs < served*9/10 || pairs == served {
		t.Errorf("%d pairs of %d answers: want nearly all, and not all", pairs, served)
	}
	if other == 0 || other > pairs/10 {
		t.Errorf("%d of %d pairs put another item first", other, pairs)
	}
	if share := w.Router().Share(w.Now()); share != 0 {
		t.Errorf("the candidate has a share of %v", share)
	}
}
