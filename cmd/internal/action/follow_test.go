package action

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestRevert_IsSeenForTenMinutesAndSaid(t *testing.T) {
	play(t, nil, func(s *scene) {
		tr := s.begin(rollBack())
		s.until(tr, "observed", observed)
		time.Sleep(9 * time.Minute)
		s.plane.do(func() { s.plane.share = 5 * percent })
		p := s.until(tr, "done", done)
		if !errors.Is(p.Err, sources.ErrReverted) || !strings.Contains(p.Next, "roll back again") {
			t.Errorf("%+v", p)
		}
		if got := s.journal.kinds(); !strings.HasSuffix(got, "reverted") {
			t.Errorf("journal: %s", got)
		}
	})
}

func TestProgress_RequestsThatNobodyCountedAreNoZero(t *testing.T) {
	play(t, func(s *scene) { s.plane.uncounted = unreachable(false) }, func(s *scene) {
		tr := s.begin(rollBack())
		p := s.until(tr, "set", func(p sources.Progress) bool { return p.Rung >= sources.Configured })
		if p.Requests.Counted || !strings.Contains(p.Requests.String(), "— (write lb1: ") {
			t.Errorf("progress: %+v", p.Requests)
		}
		time.Sleep(time.Second)
		if got := s.journal.data(sources.EntryRung); !strings.Contains(got, `"requests":null,"uncounted":"write lb1: `) {
			t.Errorf("journal: %s", got)
		}
		s.plane.do(func() { s.plane.uncounted = nil })
		if p = s.until(tr, "observed", observed); !p.Requests.Counted || p.Requests.Requests.Legacy < 135 || p.Requests.Reason() != "" {
			t.Errorf("counted again: %+v", p.Requests)
		}
		s.plane.do(func() { s.plane.read = func() error { return unreachable(false) } })
		if p = s.until(tr, "away", func(p sources.Progress) bool { return p.Alarm != "" }); p.Requests.Counted || p.Requests.Why == "" {
			t.Errorf("a plane that is away: %+v", p.Requests)
		}
	})
}

func TestRevert_JournalKeepsTheCountOrWhyThereIsNone(t *testing.T) {
	play(t, nil, func(s *scene) {
		tr := s.begin(rollBack())
		s.until(tr, "observed", observed)
		s.plane.do(func() { s.plane.share = 5 * percent })
		s.until(tr, "done", done)
		if got := s.journal.data(sources.EntryReverted); !strings.Contains(got, `"requests":{"legacy":`) || strings.Contains(got, "uncounted") {
			t.Errorf("journal: %s", got)
		}
	})
}

func TestRevert_OfAPlaneThatSettlesSlowlyIsWatchedForAtLeastTwoOfItsPeriods(t *testing.T) {
	const settle = 6 * time.Minute // as often as somebody's controller looks
	play(t, func(s *scene) { s.plane.settle = settle }, func(s *scene) {
		tr := s.begin(rollBack())
		s.until(tr, "observed", observed)
		time.Sleep(2*settle + time.Minute)
		if p := tr.Progress(); p.Done {
			t.Fatalf("no longer watched: %+v", p)
		}
		s.plane.do(func() { s.plane.share = 5 * percent })
		if p := s.until(tr, "done", done); !errors.Is(p.Err, sources.ErrReverted) {
			t.Errorf("%+v", p)
		}
	})
}

func TestAlarm_WaitsForAPlaneThreeTimesAsLongAsItSettles(t *testing.T) {
	play(t, func(s *scene) {
		s.plane.settle, s.plane.rate = 20*time.Minute, 0
		s.plane.apply = func(int, func()) error { return nil }
	}, func(s *scene) {
		tr := s.begin(rollBack())
		time.Sleep(59 * time.Minute)
		if p := tr.Progress(); p.Alarm != "" || p.Done {
			t.Errorf("given up early: %+v", p)
		}
		time.Sleep(2 * time.Minute)
		if p := tr.Progress(); !strings.Contains(p.Alarm, "not set after 1h") || p.Done {
			t.Errorf("not shouted: %+v", p)
		}
	})
}

func TestAlarm_SaysWhatIsMissingForTheNextRung(t *testing.T) {
	for name, c := range map[string]struct {
		set  func(*fakePlane)
		says string
		end  error
	}{
		"no traffic":     {func(p *fakePlane) { p.rate = 0 }, "not observed after 30s: no request since", nil},
		"not counted":    {func(p *fakePlane) { p.uncounted = unreachable(false) }, "not observed after 30s: write lb1: ", nil},
		"little traffic": {func(p *fakePlane) { p.rate = 1 }, "the candidate got 0 of ", nil},
		"ignored":        {func(p *fakePlane) { p.apply = func(int, func()) error { return nil } }, "accepted but ignored: not set after 5s", sources.ErrIgnored},
		"not read back": {func(p *fakePlane) {
			p.apply = func(_ int, set func()) error {
				set()
				p.do(func() { p.read = func() error { return unreachable(false) } })
				return nil
			}
		}, "cannot be read back", sources.ErrAmbiguous},
	} {
		play(t, func(s *scene) { c.set(s.plane) }, func(s *scene) {
			tr := s.begin(rollBack())
			p := s.until(tr, name, func(p sources.Progress) bool { return p.Alarm != "" })
			if !strings.Contains(p.Alarm, c.says) || p.Next == "" {
				t.Errorf("%s: %q, next %q", name, p.Alarm, p.Next)
			}
			if p := s.until(tr, "done", done); !errors.Is(p.Err, c.end) || (p.Err == nil) != (c.end == nil) {
				t.Errorf("%s: ended with %v", name, p.Err)
			}
		})
	}
}
