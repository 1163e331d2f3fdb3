package notifier

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources"
)

// receiver keeps what it was told; fail says what it answers.
type receiver struct {
	mu   sync.Mutex
	got  []string
	at   []time.Time
	fail func(n sources.Notice, try int) error
	try  int
}

func (r *receiver) Name() string { return "slack" }

func (r *receiver) Notify(ctx context.Context, n sources.Notice) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.try++
	if r.fail != nil {
		if err := r.fail(n, r.try); err != nil {
			return err
		}
	}
	r.got, r.at = append(r.got, n.Title), append(r.at, time.Now())
	return ctx.Err()
}

func (r *receiver) heard() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

func call(title string) sources.Notice {
	return sources.Notice{Key: "prod/ranker/call", At: time.Now(), Kind: sources.NoticeCall, Title: title}
}

// running starts a notifier in a bubble of time and stops it at the end.
func running(t *testing.T, to ...sources.Notifier) (*Notifier, func()) {
	n := New(Config{To: to, Now: time.Now})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { n.Run(ctx); close(done) }()
	return n, func() { cancel(); <-done }
}

func TestNotifier_SaysTheSameThingOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		n, stop := running(t, r)
		for range 5 {
			n.Tell(call("ranker is WORSE"))
			time.Sleep(10 * time.Second)
		}
		n.Tell(call("ranker is SAFE"))
		time.Sleep(10 * time.Second)
		n.Tell(call("ranker is WORSE"))
		stop()
		if got := r.heard(); !slices.Equal(got, []string{"ranker is WORSE", "ranker is SAFE", "ranker is WORSE"}) {
			t.Errorf("told %q", got)
		}
	})
}

func TestNotifier_AnAlarmThatCountsOnIsSaidOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		n, stop := running(t, r)
		for i := range 30 {
			n.Tell(sources.Notice{Key: "action/1", At: time.Now(), Kind: sources.NoticeRung, Title: fmt.Sprintf("not observed after 30s: %d of %d requests", i, 10*i)})
			time.Sleep(2 * time.Second)
		}
		n.Tell(sources.Notice{Key: "action/1", At: time.Now(), Kind: sources.NoticeRung, Title: "no longer followed"})
		stop()
		if got := r.heard(); !slices.Equal(got, []string{"not observed after 30s: 0 of 0 requests", "no longer followed"}) {
			t.Errorf("told %q", got)
		}
	})
}

func TestNotifier_TriesAgainUntilItIsTakenAndSaysOnlyTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		r.fail = func(_ sources.Notice, try int) error {
			if try < 4 {
				return &sources.Error{Op: "post", Target: "slack", Kind: sources.ErrUnreachable}
			}
			return nil
		}
		n, stop := running(t, r)
		n.Tell(call("ranker is WORSE"))
		time.Sleep(1500 * time.Millisecond)
		n.Tell(call("ranker was rolled back"))
		time.Sleep(time.Minute)
		stop()
		if got := r.heard(); !slices.Equal(got, []string{"ranker was rolled back"}) {
			t.Errorf("told %q", got)
		}
		if h := n.Health()[0]; h.Sent != 1 || h.Err != "" || h.Waiting != 0 {
			t.Errorf("health %+v", h)
		}
	})
}

func TestNotifier_GivesUpOnWhatIsRefusedAndOnWhatIsNoNewsAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refuses := &receiver{fail: func(sources.Notice, int) error { return &sources.Error{Op: "post", Kind: sources.ErrDenied} }}
		away := &receiver{fail: func(sources.Notice, int) error { return &sources.Error{Op: "post", Kind: sources.ErrUnreachable} }}
		n, stop := running(t, refuses, away)
		n.Tell(call("ranker is WORSE"))
		time.Sleep(time.Hour)
		stop()
		if refuses.try != 1 || away.try < 10 || away.try > 40 {
			t.Errorf("tried %d and %d times within the hour", refuses.try, away.try)
		}
		for _, h := range n.Health() {
			if h.Dropped != 1 || h.Waiting != 0 || h.Err == "" {
				t.Errorf("health %+v", h)
			}
		}
	})
}

func TestNotifier_OneReceiverThatHangsDelaysNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		good := &receiver{}
		n, stop := running(t, hangs{}, good)
		n.Tell(call("ranker is WORSE"))
		synctest.Wait()
		if len(good.heard()) != 1 {
			t.Error("the good one heard nothing")
		}
		stop()
	})
}

type hangs struct{}

func (hangs) Name() string { return "hangs" }

func (hangs) Notify(ctx context.Context, _ sources.Notice) error {
	<-ctx.Done()
	return &sources.Error{Op: "post", Kind: sources.ErrUnreachable, Cause: ctx.Err()}
}

func TestNotifier_SendsTheGravestFirstAtMostOneASecondAndDropsTheLeastGrave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		n := New(Config{To: []sources.Notifier{r}, Now: time.Now})
		for i := range mostWaiting + 5 {
			n.Tell(sources.Notice{Key: fmt.Sprint(i), At: time.Now(), Title: fmt.Sprint(i)})
		}
		n.Tell(sources.Notice{Key: "worse", At: time.Now(), Title: "worse", Severity: sources.SeverityCritical})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { n.Run(ctx); close(done) }()
		time.Sleep(2 * time.Minute)
		cancel()
		<-done
		got := r.heard()
		if len(got) != mostWaiting || got[0] != "worse" || n.Health()[0].Dropped != 6 {
			t.Errorf("%d told, first %q, dropped %d", len(got), got[0], n.Health()[0].Dropped)
		}
		for i := 1; i < len(r.at); i++ {
			if gap := r.at[i].Sub(r.at[i-1]); gap < time.Second {
				t.Fatalf("two within %s", gap)
			}
		}
	})
}

func TestNotifier_TellsThatAMatterIsOverOnlyToThoseWhoHeardOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		n, stop := running(t, r)
		over := call("ranker is no longer WORSE")
		over.Resolved = true
		n.Tell(over)
		time.Sleep(5 * time.Second)
		n.Tell(call("ranker is WORSE"))
		time.Sleep(5 * time.Second)
		n.Tell(over)
		stop()
		if got := r.heard(); !slices.Equal(got, []string{"ranker is WORSE", "ranker is no longer WORSE"}) {
			t.Errorf("told %q", got)
		}
	})
}

// picky wants to hear of nothing but calls.
type picky struct{ *receiver }

func (picky) Wants(n sources.Notice) bool { return n.Kind == sources.NoticeCall }

func TestNotifier_AReceiverThatDoesNotWantANoticeNeitherHearsNorWaitsForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		n, stop := running(t, picky{r})
		ramp := call("ranker: the ramp goes on")
		ramp.Kind, ramp.Key = sources.NoticeRamp, "prod/ranker/ramp"
		n.Tell(ramp)
		n.Tell(call("ranker is WORSE"))
		synctest.Wait()
		if got := r.heard(); !slices.Equal(got, []string{"ranker is WORSE"}) {
			t.Errorf("told %q", got)
		}
		stop()
		if h := n.Health()[0]; h.Sent != 1 {
			t.Errorf("health %+v", h)
		}
	})
}

// again tells the same matter each second, as whoever reads frames does.
func again(n *Notifier, seconds int) {
	for range seconds {
		n.Tell(call("ranker was rolled back"))
		time.Sleep(time.Second)
	}
}

func TestNotifier_ToldAgainWhileItWaitsANoticeKeepsItsTimeAndIsNoNewsInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var tried []time.Time
		away := &receiver{fail: func(n sources.Notice, _ int) error {
			if !n.At.Equal(began) {
				t.Errorf("it has the time %s", n.At.Sub(began))
			}
			tried = append(tried, time.Now())
			return &sources.Error{Op: "post", Kind: sources.ErrUnreachable}
		}}
		n, stop := running(t, away)
		again(n, 3600)
		stop()
		if last := tried[len(tried)-1].Sub(began); last > 15*time.Minute || n.Health()[0].Dropped != 1 {
			t.Errorf("tried until %s, dropped %d", last, n.Health()[0].Dropped)
		}
	})
}

func TestNotifier_ToldAgainWhileItIsSentOrAfterItWasRefusedItIsNotSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := &receiver{fail: func(sources.Notice, int) error { time.Sleep(5 * time.Second); return nil }}
		refuses := &receiver{fail: func(sources.Notice, int) error { return &sources.Error{Op: "post", Kind: sources.ErrDenied} }}
		n, stop := running(t, slow, refuses)
		again(n, 600)
		stop()
		if len(slow.heard()) != 1 || refuses.try != 1 {
			t.Errorf("the slow one heard it %d times, the one that refuses was asked %d times", len(slow.heard()), refuses.try)
		}
	})
}

func TestNotifier_OfEqualsTheOldestIsToldFirstHoweverOftenTheyAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{}
		n := New(Config{To: []sources.Notifier{r}, Now: time.Now})
		for _, keys := range [][]string{{"1"}, {"2", "1"}, {"3", "2", "1"}} { // as frames list their actions: newest first
			for _, k := range keys {
				n.Tell(sources.Notice{Key: k, At: time.Now(), Title: k})
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { n.Run(ctx); close(done) }()
		time.Sleep(time.Minute)
		cancel()
		<-done
		if got := r.heard(); !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Errorf("told %q", got)
		}
	})
}

func TestBox_RemembersSoManyMattersOnly(t *testing.T) {
	b := &box{to: &receiver{}, knock: make(chan struct{}, 1), past: map[string]end{}}
	for i := range 3 * mostPast {
		n := sources.Notice{Key: fmt.Sprint(i % (2 * mostPast)), At: time.Now(), Title: "done"}
		b.put(n)
		if n, ok := b.take(time.Now(), time.Hour); ok {
			b.sent(n, nil, time.Now())
		}
	}
	if len(b.past) > mostPast || len(b.order) > mostPast {
		t.Errorf("%d matters are remembered, in %d places", len(b.past), len(b.order))
	}
}
