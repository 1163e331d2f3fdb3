package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"rampart/analysis"
	"rampart/analysis/ramp"
	"rampart/sources"
)

// rideOut starts the ramp and prints where it stands until it is over. What it ends with is its exit code.
func (d *driven) rideOut(ctx context.Context, out io.Writer) error {
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
	said := ""
	for {
		changed := d.driver.Changed()
		st := d.driver.State()
		if line := rampLine(st); line != said {
			said = line
			fmt.Fprintf(out, "%s %s\n", stamp(d.clock.Now()), line)
		}
		if !st.Phase.Live() {
			return d.outcome(st)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-changed:
		}
	}
}

func stamp(at time.Time) string { return at.UTC().Format(time.TimeOnly) }

// rampLine is where a ramp stands, in one line.
func rampLine(st ramp.State) string {
	line := fmt.Sprintf("%s, step %d, candidate at %v", st.Phase, st.Step+1, st.Share)
	if st.Why != "" {
		line += ": " + st.Why
	}
	return line
}

// outcome turns the end of a ramp into an exit code.
func (d *driven) outcome(st ramp.State) error {
	why := fmt.Errorf("ramp of %s: %s: %s", d.name, st.Phase, st.Why)
	switch st.Phase {
	case ramp.Promoted:
		return nil
	case ramp.RolledBack:
		if f := d.engine.Newest(); f != nil && f.Verdict.Call == analysis.Worse {
			return &exitError{exitWorse, why}
		}
		return &exitError{exitRefused, why}
	case ramp.Ended:
		return &exitError{exitRefused, why}
	case ramp.Idle, ramp.Running, ramp.Asking, ramp.Held, ramp.Frozen, ramp.RollingBack:
	}
	return &exitError{exitUndecided, why}
}
