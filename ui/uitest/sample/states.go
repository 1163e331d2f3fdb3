package sample

import (
	"errors"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// Healthy is a candidate at 25 % that is shown to be no worse, in staging.
func Healthy() *frame.Frame {
	f := Incident()
	f.Env, f.Context = "staging", "staging"
	f.Verdict.Call, f.Verdict.Since = analysis.Safe, at(14, 1, 0)
	f.Verdict.Sentence = "shown to be no more than ×1.5 legacy, errors ×1.02 (0.71–1.4); as of 14:05"
	f.Verdict.Do = "P next step: 25→100 % · nothing stands in its way"
	f.Verdict.Evidence.LogHarm, f.Verdict.Evidence.LogSafe = -2.1, 3.4
	for i := range f.Verdict.Measures {
		f.Verdict.Measures[i].LogHarm, f.Verdict.Measures[i].LogSafe = -2.1, 3.4
	}
	f.Verdict.Reasons = []analysis.Reason{{Mark: analysis.MarkSafe, Measure: "errors", Text: "errors ×1.02 (0.71–1.4)"}}
	f.Verdict.WouldChange, f.Verdict.Consequence = "harm of more than the margin, or data that stop", analysis.DoWarn
	f.Verdict.Exposure = analysis.Exposure{Excess: analysis.Number(0, analysis.Count, 8_120).Between(0, 9), PerMinute: analysis.Number(0, analysis.Count, 8_120)}
	for i := range f.Rows[:3] {
		r := &f.Rows[i]
		r.Mark, r.Candidate, r.Difference, r.Note = analysis.MarkSafe, r.Legacy, ratio(1.02, .71, 1.4), ""
		r.History.Candidate = r.History.Legacy
	}
	f.Charts = []frame.Chart{chart("errors", "errors, app", f.Charts[0].Window, .0042, .0043), chart("slow", "over 250 ms", f.Charts[0].Window, .009, .0091)}
	badge := "pooled ×1.6 v stratified ×1.02: it mixes unlike blocks"
	f.Charts[0].Badge = badge
	f.Verdict.Reasons = append(f.Verdict.Reasons, analysis.Reason{Mark: analysis.MarkReport, Measure: "errors", Text: "errors " + badge})
	f.Traffic.Asked, f.Traffic.Set, f.Traffic.Effective, f.Traffic.Seen = split(25), split(25), split(25), split(24.8)
	f.Logs.Patterns = f.Logs.Patterns[3:]
	f.Unlock.Needed = false
	f.Ticks, f.Seen = f.Ticks[:1], []frame.Event{{At: at(13, 44, 0), Text: sources.NewText("split 0→5 % by ana")}}
	return f
}

// Stale is the incident with a Prometheus that stopped answering two minutes ago.
func Stale() *frame.Frame {
	f := Incident()
	f.Verdict.Call = analysis.Stale
	f.Verdict.Sentence = "nothing is known since 14:03: no newer numbers have come"
	f.Verdict.Do = "wait for data, or R roll back: it needs no metrics"
	f.Sources[0] = frame.Source{
		Name: "prometheus", Target: "https://prom.example", State: frame.SourceDown, Since: at(14, 3, 30), At: at(14, 3, 28), Retry: at(14, 5, 36),
		Err: "ask prometheus https://prom.example: dial tcp 10.0.0.7:443: connect: connection refused",
	}
	for i := range f.Rows {
		if f.Rows[i].At.IsZero() {
			continue
		}
		f.Rows[i].At, f.Rows[i].Stale = at(14, 3, 28), true
	}
	for i := range f.Charts {
		for _, a := range sources.Arms() {
			s := f.Charts[i].Series.Ptr(a)
			*s = (*s)[:len(*s)-8]
		}
	}
	return f
}

// NoData is a service whose selector matches nothing.
func NoData() *frame.Frame {
	f := Incident()
	f.Verdict = analysis.Verdict{
		Call: analysis.NoData, At: at(14, 5, 15), Since: at(14, 0, 0), Sentence: `no series matches http_request_duration_seconds_count{app="ranker"}`,
		Do: "fix the config: rampart doctor shows what each query found", WouldChange: "a config that fits what is there; rampart doctor shows what each query found",
	}
	f.Sources[0].State, f.Sources[0].Err, f.Sources[0].At = frame.SourceEmpty, "no series matched", time.Time{}
	for i := range f.Rows {
		r := &f.Rows[i]
		*r = frame.Row{Mark: analysis.MarkMissing, Measure: r.Measure, Key: r.Key, Kind: r.Kind, Legacy: analysis.Missing("no series matched"), Candidate: analysis.Missing("no series matched")}
	}
	f.Charts, f.Drift, f.Logs = nil, nil, frame.Logs{At: at(14, 5, 20)}
	return f
}

// NoCandidateTraffic is a rollout at 0 %.
func NoCandidateTraffic() *frame.Frame {
	f := Incident()
	f.Verdict.Call, f.Verdict.Sentence = analysis.NoCandidateTraffic, "the candidate gets no traffic: nothing to judge; it was worse since 13:58"
	f.Verdict.Do = "nothing: the candidate is at 0 %"
	f.Traffic.Asked, f.Traffic.Set, f.Traffic.Effective, f.Traffic.Seen = split(0), split(0), split(0), split(0)
	f.Traffic.History = append(f.Traffic.History, frame.SplitAt{At: at(14, 4, 10), Split: split(0)})
	for i := range f.Rows[:4] {
		r := &f.Rows[i]
		r.Mark, r.Candidate, r.Difference, r.N.Candidate = analysis.MarkMissing, analysis.Missing("no request in the window"), analysis.Missing("no request in both arms yet"), 0
		r.Note = ""
	}
	return f
}

// Unborn is a frame before the first answer of any source.
func Unborn() *frame.Frame {
	return &frame.Frame{
		Seq: 1, At: Now(), Context: "prod", Env: "prod", Service: "ranker", Step: 15 * time.Second, Waiting: []string{"prometheus", "haproxy"},
		Traffic: frame.Traffic{Plane: "haproxy"}, Session: frame.Session{Actor: "ana", Role: sources.Operator},
		Sources: []frame.Source{{Name: "prometheus", State: frame.SourceWaiting}, {Name: "haproxy", State: frame.SourceWaiting}},
	}
}

// Hostile is the incident with names that are too long and texts that attack the terminal.
func Hostile() *frame.Frame {
	f := Incident()
	f.Service = "ranker-for-the-recommendation-of-the-recommendations-eu-central-1-blue"
	f.Rollout.Candidate = sources.NewText("42-\x1b[31mred\x1b[0m-\u202egnol-yrev-si-noisrev-siht\u202c-20260310T140532Z-9f3c1aa07be")
	f.Rollout.Legacy = sources.NewText("41\x07\x1b]0;title\x07")
	f.Rows[0].Measure = "errors of the application, as counted by the application itself"
	f.Rows[0].N = sources.ByArm[int64]{Legacy: 1_234_567_890, Candidate: 61_728_394}
	f.Drift[0].Name = strings.Repeat("feature_", 12)
	f.Logs.Patterns[0].Text = sources.NewText("KeyError: \x1b[2J\x1b[Hembedding 日本語の特徴量が見つかりません 👩‍👩‍👧 <*> missing " + strings.Repeat("very ", 20) + "long")
	f.Sources[2] = frame.Source{
		Name: "elasticsearch", State: frame.SourceDown, Since: at(14, 4, 0), At: at(14, 3, 50), Retry: at(14, 5, 40),
		Err: `search elasticsearch logs-ranker-*: 503: {"error":{"root_cause":[{"type":"no_shard_available_action_exception","reason":"\x1b[31mno shard"}]}}`,
	}
	f.Seen[0].Text = sources.NewText("\x1b]52;c;ZXZpbA==\x07 a restart")
	return f
}

// RollingBack is the incident three seconds after R, with the rungs reached so far.
func RollingBack(rung sources.Rung) *frame.Frame {
	f := Incident()
	p := progress(rung)
	f.Actions = []sources.Progress{p}
	f.Traffic.Asked = split(0)
	if rung >= sources.Configured {
		f.Traffic.Set = split(0)
	}
	if rung >= sources.Effective {
		f.Traffic.Effective = split(0)
	}
	if rung >= sources.Observed {
		f.Traffic.Seen = split(0)
	}
	return f
}

func progress(rung sources.Rung) sources.Progress {
	began := Now().Add(-3 * time.Second)
	p := sources.Progress{
		IntentID: "01JQ", Action: sources.Action{Service: "ranker", Verb: sources.RollBack, Reason: "errors ×4"}, Actor: "ana", Began: began, Rung: rung,
		Change: sources.Change{From: split(5.1), To: split(0)}, Done: rung == sources.Observed,
	}
	took := [...]time.Duration{0, 10 * time.Millisecond, 40 * time.Millisecond, 310 * time.Millisecond, 900 * time.Millisecond, 2600 * time.Millisecond}
	for r := sources.Sent; r <= rung; r++ {
		p.Rungs = append(p.Rungs, sources.RungTime{Rung: r, At: began.Add(took[r])})
	}
	if rung >= sources.Accepted {
		p.Members = []sources.Answer{
			{Write: sources.Write{Member: "lb1", Arm: sources.Candidate, Request: "set weight be_ranker/canary-1 0"}, At: began.Add(took[2])},
			{Write: sources.Write{Member: "lb1", Arm: sources.Candidate, Request: "set weight be_ranker/canary-2 0"}, At: began.Add(took[2])},
		}
	}
	return p
}

// Alarm is a rollback that was not observed: a member refused, and traffic still reaches the candidate.
func Alarm() *frame.Frame {
	f := RollingBack(sources.Accepted)
	p := &f.Actions[0]
	p.Began = Now().Add(-34 * time.Second)
	p.Alarm, p.Next = "not observed after 30 s: 4.9 % still reaches the candidate", "lb2 did not answer: R again, or drain it by hand"
	p.Members = append(p.Members, sources.Answer{
		Write: sources.Write{Member: "lb2", Request: "set weight be_ranker/canary-1 0"}, Err: errors.New("dial unix /run/haproxy/admin.sock: connect: connection refused"),
	})
	return f
}

// All is every sample by name, for tests that draw each of them.
func All() map[string]*frame.Frame {
	out := map[string]*frame.Frame{
		"nothing": nil, "incident": Incident(), "healthy": Healthy(), "stale": Stale(), "no_data": NoData(), "no_candidate_traffic": NoCandidateTraffic(),
		"unborn": Unborn(), "hostile": Hostile(), "alarm": Alarm(),
		"planned": Planned(), "ramping": Ramping(), "ramp_asks": RampAsks(), "ramp_ended": RampEnded(), "ramp_drained": RampDrained(),
	}
	for r := sources.Sent; r <= sources.Observed; r++ {
		out["rolling_back_"+r.String()] = RollingBack(r)
	}
	return out
}
