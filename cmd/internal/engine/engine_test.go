package engine

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

func TestEngine_TheFirstFrameIsThereBeforeAnySourceAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := New(Config{Service: ranker(), Metrics: newTown(time.Now()), Clock: Clock{Now: time.Now}})
		e.publish()
		f := e.Newest()
		if !slices.Equal(f.Waiting, []string{"prometheus"}) || f.Rows[0].Legacy.Known {
			t.Errorf("waiting for %v, first row %+v", f.Waiting, f.Rows[0])
		}
	})
}

func TestEngine_AConsoleOpenedLateAgreesBlockForBlock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(sources.Align(time.Now(), step).Add(-time.Hour))
		var early, late recorded
		a, stopA := run(t, Config{Service: ranker(), Metrics: w, Record: early.add})
		after(a, 20*time.Minute)
		b, stopB := run(t, Config{Service: ranker(), Metrics: w, Record: late.add})
		fa, fb := after(a, time.Minute), b.Newest()
		stopA()
		stopB()
		if !slices.Equal(early.lines, late.lines) || len(early.lines) < 4*80 {
			t.Errorf("the early console judged %d blocks, the late one %d", len(early.lines), len(late.lines))
		}
		if fa.Verdict.Evidence != fb.Verdict.Evidence || fa.Verdict.Call != fb.Verdict.Call {
			t.Errorf("evidence %+v and %+v", fa.Verdict.Evidence, fb.Verdict.Evidence)
		}
	})
}

func TestEngine_AFailingCandidateIsCalledWorseAndStaysSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := sources.Align(time.Now(), step).Add(-10 * time.Minute)
		w := newTown(began)
		w.rule = func(end time.Time) (*sources.Counts, *sources.Counts) {
			if !end.After(began) {
				return counts(1000, 5), nil
			}
			return counts(900, 4), counts(100, 5)
		}
		e, stop := run(t, Config{Service: ranker(), Metrics: w})
		defer stop()
		f := after(e, 20*time.Second)
		if f.Verdict.Call != analysis.Worse || !strings.Contains(f.Verdict.Sentence, "errors ×") || f.Verdict.Consequence != analysis.DoRollBack {
			t.Fatalf("%s: %s, consequence %s", f.Verdict.Call, f.Verdict.Sentence, f.Verdict.Consequence)
		}
		since := f.Verdict.Since
		for _, g := range f.Verdict.Guards { // the console was opened ten minutes after the harm began
			if g.Breached && (g.Since.Before(since) || g.Since.After(since.Add(5*time.Minute))) {
				t.Errorf("the guard of %s is breached since %s, the call since %s", g.Guard.Measure, g.Since, since)
			}
		}
		w.set(func(w *town) {
			w.rule = func(time.Time) (*sources.Counts, *sources.Counts) { return counts(900, 4), counts(100, 0) }
		})
		if f = after(e, 10*time.Minute); f.Verdict.Call != analysis.Worse || !f.Verdict.Since.Equal(since) {
			t.Errorf("worse was taken back: %s since %s", f.Verdict.Call, f.Verdict.Since)
		}
	})
}

func TestEngine_ANewVersionBeginsANewRollout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := sources.Align(time.Now(), step).Add(-10 * time.Minute)
		w := newTown(began)
		bad := true
		w.rule = func(end time.Time) (*sources.Counts, *sources.Counts) {
			if bad {
				return counts(900, 4), counts(100, 6)
			}
			return counts(900, 4), counts(100, 0)
		}
		e, stop := run(t, Config{Service: ranker(), Metrics: w})
		defer stop()
		if f := after(e, 20*time.Second); f.Verdict.Call != analysis.Worse {
			t.Fatalf("call %s", f.Verdict.Call)
		}
		w.set(func(w *town) {
			bad = false
			w.versions = append(w.versions, sources.Identity{Arm: sources.Candidate, Version: sources.NewText("43"), From: sources.Align(time.Now(), step)})
		})
		f := after(e, 3*time.Minute)
		if f.Verdict.Call == analysis.Worse || f.Rollout.Candidate.String() != "43" || f.Verdict.Blocks > 12 {
			t.Errorf("after a new version: %s, candidate %s, %d blocks", f.Verdict.Call, f.Rollout.Candidate, f.Verdict.Blocks)
		}
		if !slices.ContainsFunc(f.Ticks, func(t frame.Tick) bool { return t.Kind == frame.TickVersion }) {
			t.Error("the new version is no tick on the charts")
		}
	})
}

func TestEngine_AnUnreachableSourceIsStaleWithItsErrorAndHealsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(sources.Align(time.Now(), step).Add(-10 * time.Minute))
		e, stop := run(t, Config{Service: ranker(), Metrics: w})
		defer stop()
		before := after(e, 20*time.Second)
		w.set(func(w *town) {
			w.err = &sources.Error{Op: "query", Target: "http://p", Kind: sources.ErrUnreachable, Cause: errors.New("connection refused")}
		})
		f := after(e, time.Minute)
		if f.Verdict.Call != analysis.Stale || !strings.Contains(f.Sources[0].Err, "connection refused") || f.Sources[0].Retry.IsZero() {
			t.Errorf("%s: %+v", f.Verdict.Call, f.Sources[0])
		}
		if f.Rows[0].Legacy.Known && f.Rows[0].Legacy.N < before.Rows[0].Legacy.N {
			t.Error("old numbers were lost")
		}
		w.set(func(w *town) {
			w.err = &sources.Error{Op: "query", Kind: sources.ErrDenied, Cause: errors.New("status 401")}
		})
		if f = after(e, time.Minute); !strings.HasPrefix(f.Verdict.Do, "mend what refuses") {
			t.Errorf("do %q where waiting mends nothing", f.Verdict.Do)
		}
		w.set(func(w *town) { w.err = nil })
		if f = after(e, 2*time.Minute); f.Verdict.Call == analysis.Stale || f.Sources[0].Err != "" {
			t.Errorf("after healing: %s, %q", f.Verdict.Call, f.Sources[0].Err)
		}
		if want := before.Verdict.Blocks + 12; f.Verdict.Blocks < want-2 {
			t.Errorf("%d blocks, want about %d: the gap was not read afterwards", f.Verdict.Blocks, want)
		}
	})
}

func TestEngine_SilenceOfOneArmIsAFindingAndNeverSafe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(sources.Align(time.Now(), step).Add(-2 * time.Hour))
		w.rule = func(end time.Time) (*sources.Counts, *sources.Counts) { return counts(900, 9), counts(900, 9) }
		e, stop := run(t, Config{Service: ranker(), Metrics: w})
		defer stop()
		if f := after(e, 20*time.Second); f.Verdict.Call != analysis.Safe {
			t.Fatalf("two hours of equal arms: %s, %s", f.Verdict.Call, f.Verdict.Sentence)
		}
		w.set(func(w *town) {
			w.rule = func(time.Time) (*sources.Counts, *sources.Counts) { return counts(900, 9), nil }
		})
		f := after(e, 2*time.Minute)
		if f.Verdict.Call != analysis.Stale || !strings.Contains(f.Verdict.Sentence, "candidate is not scraped") {
			t.Errorf("%s: %s", f.Verdict.Call, f.Verdict.Sentence)
		}
		for ago, want := range map[time.Duration]string{0: "counters are no numbers", 4 * step: "candidate is not scraped"} {
			w.set(func(w *town) {
				w.notes = []sources.Note{{Kind: sources.NotePartial, Arm: sources.Candidate, At: time.Now().Add(-ago), Text: sources.NewText("4 samples dropped: NaN")}}
			})
			if f = after(e, 20*time.Second); f.Verdict.Call != analysis.Stale || !strings.Contains(f.Verdict.Sentence, want) {
				t.Errorf("%v ago: %s: %s", ago, f.Verdict.Call, f.Verdict.Sentence)
			}
		}
	})
}

func TestEngine_NoMatchIsNoDataAndNeverAZero(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(time.Now().Add(-time.Hour))
		w.err = &sources.Error{Op: "query", Target: "errors", Kind: sources.ErrNoData, Fix: "check select"}
		svc := ranker()
		svc.Identity = nil
		e, stop := run(t, Config{Service: svc, Metrics: w})
		defer stop()
		f := after(e, 20*time.Second)
		if f.Verdict.Call != analysis.NoData || f.Rows[0].Candidate.Known || !strings.Contains(f.Rows[0].Candidate.Why, "no data") {
			t.Errorf("%s: %+v", f.Verdict.Call, f.Rows[0].Candidate)
		}
	})
}

func TestEngine_AGuardThatCanNeverBeCountedIsNoDataAndNotUndecided(t *testing.T) {
	tooMany := &sources.Error{Op: "query", Target: "errors", Kind: sources.ErrInvalid, Cause: errors.New("more than 20000 series match")}
	for says, spoil := range map[string]func(*town, *Service){
		"20000 series": func(w *town, svc *Service) { w.err, svc.Identity = tooMany, nil },
		"no edge at 0.24": func(w *town, svc *Service) {
			w.edges = []float64{.1, .25, .5}
			svc.Measures[0].Measure = analysis.Measure{Name: "errors", Kind: analysis.Share, Edge: .24, Judge: analysis.GuardIt}
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, svc := newTown(time.Now().Add(-time.Hour)), ranker()
			spoil(w, &svc)
			e, stop := run(t, Config{Service: svc, Metrics: w})
			defer stop()
			if f := after(e, 20*time.Second); f.Verdict.Call != analysis.NoData || !strings.Contains(f.Verdict.Sentence, says) {
				t.Errorf("%s: %s: %s", says, f.Verdict.Call, f.Verdict.Sentence)
			}
		})
	}
}

func TestReader_SkipsToTheNewestFrame(t *testing.T) {
	b := newBoard()
	r := Reader{board: b}
	for range 3 {
		b.put(&frame.Frame{}, func(*frame.Frame) {})
	}
	f, err := r.Next(t.Context())
	if err != nil || f.Seq != 3 {
		t.Errorf("frame %d, %v", f.Seq, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.Next(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("with nothing new: %v", err)
	}
}
