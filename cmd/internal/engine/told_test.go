package engine

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// slowTown takes its time for each part of a long past, so that frames come in between.
type slowTown struct{ *town }

func (w slowTown) Blocks(ctx context.Context, ask []sources.BlockQuery, win sources.Window) []sources.BlockSeries {
	time.Sleep(time.Second) // the bubble's time
	return w.town.Blocks(ctx, ask, win)
}

// opened is what a console lists of calls that is opened on a rollout of seven hours, whose past is read in parts.
func opened(t *testing.T, rule func(ago time.Duration) (*sources.Counts, *sources.Counts)) (at time.Time, told []frame.Tick) {
	t.Helper()
	at = time.Now()
	w := newTown(sources.Align(at, step).Add(-7 * time.Hour))
	w.rule = func(end time.Time) (*sources.Counts, *sources.Counts) { return rule(at.Sub(end)) }
	e, stop := run(t, Config{Service: ranker(), Metrics: slowTown{w}})
	defer stop()
	for range 120 {
		after(e, time.Second/4)
		e.Poke() // as the plane does between the parts
	}
	for _, tick := range e.Newest().Ticks {
		if tick.Kind == frame.TickCall || strings.Contains(tick.Text.String(), "→") {
			told = append(told, tick)
		}
	}
	return at, told
}

func TestTold_NoCallOfAPastThatIsBeingReadIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, told := opened(t, func(ago time.Duration) (*sources.Counts, *sources.Counts) {
			if ago > 3*time.Hour {
				return counts(900, 4), counts(100, 0) // safe, if nothing else were known
			}
			return counts(900, 4), counts(100, int64(ago/step)%2)
		})
		if len(told) > 0 {
			t.Errorf("it lists as if it happened now: %v", told)
		}
	})
}

func TestTold_HarmOfBeforeStandsAtItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		at, told := opened(t, func(ago time.Duration) (*sources.Counts, *sources.Counts) {
			if ago > time.Hour {
				return counts(900, 4), counts(100, int64(ago/step)%2)
			}
			return counts(900, 4), counts(100, 4)
		})
		if len(told) != 1 || told[0].Text.String() != "WORSE" || told[0].Kind != frame.TickCall || told[0].At.After(at.Add(-30*time.Minute)) {
			t.Errorf("opened at %v: %v", at, told)
		}
	})
}

func TestRows_OfASourceThatNeverAnsweredSayItsErrorAndNotThatNobodyAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		svc := ranker()
		svc.Measures[0] = Measure{Measure: analysis.Measure{Name: "slow", Kind: analysis.Share, Judge: analysis.GuardIt, Edge: .25}, Query: sources.BlockQuery{Measure: "slow", Step: step}}
		w := newTown(time.Now().Add(-time.Hour))
		w.err = &sources.Error{Op: "query", Target: "http://p", Kind: sources.ErrUnreachable, Cause: errors.New("connection refused")}
		e, stop := run(t, Config{Service: svc, Metrics: w})
		defer stop()
		for _, row := range after(e, time.Minute).Rows {
			if why := row.Legacy.Why; row.Legacy.Known || strings.Contains(why, "no request") || why == "" {
				t.Errorf("%s: %+v", row.Measure, row.Legacy)
			}
		}
	})
}
