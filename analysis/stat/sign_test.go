package stat

import (
	"errors"
	"math"
	"testing"
)

func TestSign_GivesTheFiguresOfR(t *testing.T) {
	// R: binom.test(x, n)$p.value
	for _, c := range []struct {
		plus, minus int64
		p           float64
	}{{7, 3, .34375}, {15, 5, .04138946533203}, {5, 15, .04138946533203}, {5, 5, 1}, {1, 0, 1}, {10, 0, .001953125}, {560, 440, .00016504987055}} {
		r, err := Sign(c.plus, c.minus)
		if err != nil || math.Abs(r.P-c.p) > 1e-9 {
			t.Errorf("Sign(%d, %d) = %v, %v; want p %v", c.plus, c.minus, r, err, c.p)
		}
	}
}

func TestSign_RefusesWhatIsNoCount(t *testing.T) {
	if _, err := Sign(0, 0); !errors.Is(err, ErrTooFew) {
		t.Errorf("nothing decided: %v", err)
	}
	if _, err := Sign(-1, 3); !errors.Is(err, ErrCounts) {
		t.Errorf("a negative count: %v", err)
	}
}
