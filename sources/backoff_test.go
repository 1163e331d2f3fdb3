package sources

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestBackoff_PausesDoubleToALimitAndNeverGiveUp(t *testing.T) {
	now := time.Unix(1000, 0)
	b := Backoff{First: time.Second, Most: 8 * time.Second, Now: func() time.Time { return now }}
	for i, want := range []time.Duration{1, 2, 4, 8, 8, 8} {
		if got := b.Failed(errors.New("refused")); got != want*time.Second {
			t.Errorf("pause %d = %v, want %v", i, got, want*time.Second)
		}
	}
	for range 1000 {
		b.Failed(errors.New("refused"))
	}
	if b.Ready() || b.Failures() != 1006 {
		t.Errorf("ready %v after %d failures", b.Ready(), b.Failures())
	}
	now = now.Add(8 * time.Second)
	if !b.Ready() {
		t.Error("not ready when the pause is over")
	}
	b.Healed()
	if got := b.Failed(nil); got != time.Second {
		t.Errorf("pause after healing = %v", got)
	}
}

func TestBackoff_JitterStaysInTheUpperHalf(t *testing.T) {
	for _, r := range []float64{0, .5, .999} {
		b := Backoff{First: 10 * time.Second, Rand: func() float64 { return r }, Now: time.Now}
		if got, want := b.Failed(nil), 5*time.Second+time.Duration(r*float64(5*time.Second)); got != want {
			t.Errorf("pause = %v, want %v", got, want)
		}
	}
}

func TestBackoff_WaitsAsLongAsTheSourceAsksButNotForHours(t *testing.T) {
	for asked, want := range map[time.Duration]time.Duration{time.Minute: time.Minute, 24 * time.Hour: 5 * time.Minute, 0: time.Second} {
		b := Backoff{Now: time.Now}
		err := fmt.Errorf("collect: %w", &Error{Op: "query", Kind: ErrThrottled, RetryAfter: asked})
		if got := b.Failed(err); got != want {
			t.Errorf("asked for %v: pause = %v, want %v", asked, got, want)
		}
	}
}
