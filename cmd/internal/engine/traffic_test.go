package engine

import (
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

func TestTraffic_OnlyAMemberThatBeganAnewIsToldAsReloaded(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	tr := newTraffic(15 * time.Second)
	look := func(a, b string) {
		at = at.Add(15 * time.Second)
		r := sources.Reading{At: at, Epoch: a + b}
		for name, epoch := range map[string]string{"lb1": a, "lb2": b} {
			m := sources.Member{Name: name, Epoch: epoch}
			if epoch == "" {
				m.Err = sources.ErrUnreachable
			}
			r.Members = append(r.Members, m)
		}
		tr.add(r, at)
	}
	look("1", "1")
	look("1", "")
	look("1", "1")
	if len(tr.ticks) != 0 {
		t.Errorf("a member was away and came back: %v", tr.ticks)
	}
	look("1", "")
	look("1", "2")
	if len(tr.ticks) != 1 || tr.ticks[0].Kind != frame.TickReload || tr.ticks[0].Text.String() != "lb2 reloaded: its weights are the file's, —" {
		t.Errorf("one was reloaded while it could not be read: %v", tr.ticks)
	}
}
