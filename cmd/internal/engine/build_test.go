package engine

import (
	"testing"
	"time"

	"rampart/analysis"
)

func TestCall_ThatIsOpenAgainTurnedNowAndNotWhenTheRolloutBegan(t *testing.T) {
	began := time.Date(2026, 3, 7, 14, 0, 0, 0, time.UTC)
	old := lastCall{analysis.Stale, began.Add(20 * time.Minute)}
	open := analysis.Verdict{Call: analysis.Undecided, Since: began, At: began.Add(21 * time.Minute)}
	if got := turned(old, open); !got.Equal(open.At) {
		t.Errorf("undecided again: %v, want %v", got, open.At)
	}
	worse := analysis.Verdict{Call: analysis.Worse, Since: began.Add(15 * time.Minute), At: open.At}
	if got := turned(old, worse); !got.Equal(worse.Since) {
		t.Errorf("worse: %v, want the block that began it, %v", got, worse.Since)
	}
}
