package ui_test

import (
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/analysis/ramp"
	"rampart/sources"
	"rampart/ui/uitest"
)

func TestApprove_OffersTheShareThatTheNextGateAsksForToAPromoterOnly(t *testing.T) {
	atDesk(t, func(t *testing.T, d desk) {
		f := uitest.Incident(time.Now())
		f.Seq++
		f.Traffic.Set = sources.SplitAt(50_000, time.Now())
		f.Plan = frame.PlanOf(ramp.Plan{Steps: []ramp.Step{{To: 10_000, Bake: time.Minute}, {To: 250_000, Bake: time.Minute, Until: ramp.Approve}, {To: 500_000, Bake: time.Minute}, {To: sources.Whole}}})
		d.feed.Put(f)
		d.Settle()
		d.Press("A")
		d.Must("approve: share 50 %")
		d.Type("30m it looks well")
		d.Press("enter")
		got := d.op.Approved()
		if len(got) != 1 || got[0].To != 500_000 || got[0].Reason != "it looks well" || got[0].Until.IsZero() {
			t.Errorf("approved %+v", got)
		}
		f = uitest.Incident(time.Now())
		f.Seq, f.Session.Role = f.Seq+2, sources.Operator
		d.feed.Put(f)
		d.Settle()
		d.Press("A")
		d.Must("it takes the role promoter")
	})
}
