package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// lastWrite is how long the last write of a ramp that is over is followed once something is wrong with it. The desk says
// so when traffic does not show it within a minute.
const lastWrite = 90 * time.Second

// rideOut starts the ramp and prints where it stands until it is over and traffic shows it. What it ends with is its exit
// code.
func (d *driven) rideOut(ctx context.Context, to streams, tell func(sources.Notice)) error {
	out := to.out
	seat := d.driver.Seat(d.actor)
	var p sources.Preview
	for {
		var err error
		if p, err = seat.Preview(ctx, sources.Action{Service: d.name, Verb: sources.Start, Reason: "rampart run --start"}); err == nil {
			break
		}
		select { // the sources have not answered yet
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
	if st := d.driver.State(); st.Phase.Live() {
		fmt.Fprintf(out, "%s goes on with the ramp that %s started at %s\n", stamp(d.clock.Now()), sources.Visible(st.Starter), st.Started.UTC().Format(time.DateTime))
	} else if _, err := seat.Do(ctx, p.ID, p.Confirm.Word); err != nil {
		return err
	}
	said, worse := "", false
	for {
		changed := d.driver.Changed()
		st := d.driver.State()
		worse = worse || st.Phase != ramp.Idle && d.calledWorse()
		if line := rampLine(st); line != said {
			said = line
			fmt.Fprintf(out, "%s %s\n", stamp(d.clock.Now()), line)
		}
		if !st.Phase.Live() {
			d.arrive(ctx, to, tell)
			return d.outcome(st, worse)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
		}
	}
}

// arrive follows what the ramp wrote last, as a rule its rollback, until traffic shows it or it is told that it does not:
// whoever is paged must not be told that it was set and then hear no more. It tells by itself, because whoever tells what
// frames show may end before the last of them.
func (d *driven) arrive(ctx context.Context, to streams, tell func(sources.Notice)) {
	written := func(p sources.Progress) bool { return len(p.Change.Writes) > 0 }
	newest := func() sources.Progress {
		all := d.desk.Progress()
		return all[slices.IndexFunc(all, written)]
	}
	if !slices.ContainsFunc(d.desk.Progress(), written) {
		return
	}
	c := &climb{streams: &to, at: newest}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		changed := d.desk.Changed()
		p := c.print()
		if n, ok := actionNotice(p); ok {
			tell(d.notice(&frame.Frame{At: d.clock.Now(), Context: d.chosen.Name}, "action/"+p.IntentID, n))
		}
		if p.Rung >= sources.Observed || p.Done || p.Alarm != "" && d.clock.Now().Sub(p.Began) >= lastWrite {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-tick.C:
		}
	}
}

func stamp(at time.Time) string { return at.UTC().Format(time.TimeOnly) }

// rampLine is where a ramp stands, in one line.
func rampLine(st ramp.State) string {
	where := fmt.Sprintf("step %d", st.Step+1)
	if st.Step < 0 {
		where = "before step 1"
	}
	line := fmt.Sprintf("%s, %s, candidate at %v", st.Phase, where, st.Share)
	if st.Why != "" {
		line += ": " + st.Why
	}
	return line
}

// calledWorse tells whether the candidate is called worse now. Once it was rolled back it has no traffic to be judged by.
func (d *driven) calledWorse() bool {
	f := d.engine.Newest()
	return f != nil && f.Verdict.Call == analysis.Worse
}

// outcome turns the end of a ramp, and whether it was called worse on its way, into an exit code.
func (d *driven) outcome(st ramp.State, worse bool) error {
	code := endOf(st, worse, d.undoneByHand())
	if code == 0 {
		return nil
	}
	return &exitError{code, fmt.Errorf("ramp of %s: %s: %s", d.name, st.Phase, st.Why)}
}

// endOf is the exit code of a ramp that is over. A rollback that nobody asked for and no harm made, such as one for want
// of numbers, is neither somebody's no nor a candidate that is worse. One for a guard or for a threshold of the plan is: the
// candidate is worse by the config's own word, as a breached guard is for `check`. byHand is for a ramp that was journalled
// before causes were.
func endOf(st ramp.State, worse, byHand bool) int {
	switch st.Phase {
	case ramp.Promoted:
		return 0
	case ramp.RolledBack:
		switch {
		case worse || st.Cause.Harm():
			return exitWorse
		case st.Cause == ramp.Somebody || st.Cause == ramp.NoCause && byHand:
			return exitRefused
		}
	case ramp.Ended:
		return exitRefused
	case ramp.Idle, ramp.Running, ramp.Asking, ramp.Held, ramp.Frozen, ramp.RollingBack:
	}
	return exitUndecided
}

// undoneByHand tells whether a person asked for the newest rollback.
func (d *driven) undoneByHand() bool {
	all := d.desk.Progress()
	i := slices.IndexFunc(all, func(p sources.Progress) bool { return p.Action.Verb == sources.RollBack })
	return i < 0 || all[i].Via == sources.ByHand // one of another process is not known here, and is no rule's
}
