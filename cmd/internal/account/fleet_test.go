package account

import (
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

func TestUnread_AFleetThatDoesNotAgreeIsToldMemberByMember(t *testing.T) {
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	f := &frame.Frame{Traffic: frame.Traffic{Plane: "haproxy", ReadAt: at, Members: []frame.Member{
		{Name: "lb1", Configured: sources.SplitAt(sources.Whole/50, at)}, {Name: "lb2", Configured: sources.SplitAt(sources.Whole/5, at)},
	}}}
	if got, want := unread(f), "its members differ: lb1 2 %, lb2 20 %"; got != want {
		t.Errorf("%q, wanted %q", got, want)
	}
	f.Traffic.Members = nil
	if got, want := unread(f), "the plane does not tell it"; got != want {
		t.Errorf("%q, wanted %q", got, want)
	}
}
