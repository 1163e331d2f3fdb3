package uitest

import (
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// Incident is a candidate at 5 % that was called worse, in production.
func Incident(at time.Time) *frame.Frame {
	five := sources.SplitAt(50_000, at)
	points := func(v float64) []frame.Point {
		var out []frame.Point
		for i := range 60 {
			t := at.Add(time.Duration(i-60) * 30 * time.Second)
			out = append(out, frame.Point{T: t, V: analysis.Number(v+float64(i%7)*v/20, analysis.Fraction, 400).Between(v*.8, v*1.4).AsOf(t)})
		}
		return out
	}
	return &frame.Frame{
		At: at, Context: "prod-eu", Env: "prod", Service: "ranker", Step: 15 * time.Second,
		Rollout: analysis.Rollout{ID: "r1", Service: "ranker", Legacy: sources.NewText("41"), Candidate: sources.NewText("42"), Since: at.Add(-20 * time.Minute)},
		Verdict: analysis.Verdict{
			Call: analysis.Worse, At: at, Since: at.Add(-7 * time.Minute),
			Sentence: "errors ×4.0 (1.7–8.2), limit ×1.1, since 13:58", Do: "R roll back: legacy 12/12 up",
			Evidence: analysis.Evidence{Since: at.Add(-20 * time.Minute)}, Explanation: analysis.Explanation{Newest: blocks(at, 80)},
		},
		Rows: []frame.Row{{
			Mark: analysis.MarkWorse, Measure: "errors, app", Key: "errors", Kind: analysis.Errors, At: at,
			Legacy: analysis.Number(.0042, analysis.Fraction, 23560), Candidate: analysis.Number(.0169, analysis.Fraction, 1240),
			Difference: analysis.Number(4, analysis.Ratio, 1240).Between(1.7, 8.2), Limit: analysis.Number(1.1, analysis.Ratio, 0),
			N: sources.ByArm[int64]{Legacy: 23560, Candidate: 1240},
		}},
		Charts: []frame.Chart{{
			Key: "errors", Title: "errors %", Unit: analysis.Fraction, Series: sources.ByArm[[]frame.Point]{Legacy: points(.004), Candidate: points(.016)},
			Window: sources.Window{From: at.Add(-30 * time.Minute), To: at},
		}},
		Traffic: frame.Traffic{Plane: "haproxy", Asked: five, Set: five, Effective: five, Seen: five, ReadAt: at, Rev: "rev7", Writes: true},
		Sources: []frame.Source{{Name: "prometheus", State: frame.SourceLive, At: at}},
		Session: frame.Session{Actor: "alice", Role: sources.Promoter},
		Unlock:  frame.Unlock{Needed: true},
		Services: []frame.Summary{
			{Service: "ranker", Call: analysis.Worse}, {Service: "retriever", Call: analysis.Safe},
		},
	}
}

// Plan is what a plane of two members would write for an action.
func Plan(a sources.Action) sources.Preview {
	to := a.To
	if a.Verb == sources.RollBack {
		to = 0
	}
	c := sources.Change{From: sources.SplitAt(50_000, time.Time{}), To: sources.SplitAt(to, time.Time{}), Inverse: &sources.Intent{Verb: sources.SetSplit, To: 50_000}}
	for _, member := range []string{"lb1", "lb2"} {
		for i := range 2 {
			c.Writes = append(c.Writes, sources.Write{
				Member: member, Arm: sources.Candidate, Request: fmt.Sprintf("set server be_ranker/canary-%d weight %d", i+1, int(to.Percent())),
			})
		}
	}
	return sources.Preview{
		ID: "p1", Action: a, Change: c, Servers: sources.ByArm[[2]int]{Legacy: [2]int{12, 12}, Candidate: [2]int{2, 2}},
		Rates: sources.ByArm[sources.ServerRates]{
			Legacy:    sources.ServerRates{Before: 18, After: 19, Known: true},
			Candidate: sources.ServerRates{Before: 5.5, After: 0, Known: true},
		},
		Warnings: []sources.Note{{Kind: sources.NoteInfo, Text: sources.NewText("HAProxy does not compare before it writes: the last writer wins")}},
	}
}

// blocks are the newest n blocks of evidence, which ends now.
func blocks(at time.Time, n int) []analysis.Contribution {
	out := make([]analysis.Contribution, n)
	for i := range out {
		out[i] = analysis.Contribution{Block: i + 1, At: at.Add(time.Duration(i+1-n) * 15 * time.Second)}
	}
	return out
}
