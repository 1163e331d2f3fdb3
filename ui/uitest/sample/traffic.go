package sample

import (
	"encoding/json"
	"fmt"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

func traffic() frame.Traffic {
	t := frame.Traffic{
		Plane: "haproxy", Asked: split(5), Set: split(5.1), Effective: split(5.1), Seen: split(5.0), File: split(0), By: sources.NewText("ana"), ReadAt: at(14, 5, 29),
		Rev: "r7", Identity: sources.ByArm[sources.Text]{Legacy: sources.NewText("41"), Candidate: sources.NewText("42")}, Writes: true,
		Notes:   []sources.Note{{Kind: sources.NoteInfo, Text: sources.NewText("a reload returns to 0 %")}},
		History: []frame.SplitAt{{At: at(12, 10, 0), Split: split(0)}, {At: at(13, 44, 0), Split: split(5)}},
		Rate:    sources.ByArm[analysis.Value]{Legacy: analysis.Number(216, analysis.PerSecond, 0), Candidate: analysis.Number(11.4, analysis.PerSecond, 0)},
		Members: []frame.Member{{Name: "lb1", Configured: split(5.1)}, {Name: "lb2", Configured: split(5.1)}},
	}
	for i := range 14 {
		t.Servers = append(t.Servers, server(i))
		perSecond := 18.0
		if i >= 12 {
			perSecond = 5.7
		}
		t.Rates = append(t.Rates, analysis.Number(perSecond, analysis.PerSecond, 0))
	}
	return t
}

// server is one of twelve stable servers, then one of two canaries.
func server(i int) sources.Server {
	s := sources.Server{
		Member: "lb1", Name: fmt.Sprintf("stable-%d", i+1), Arm: sources.Legacy, Up: true, State: sources.NewText("UP"), Weight: 100, Initial: 100,
		Counters: sources.RouterCounters{Requests: 1_963, Errors: 8},
	}
	if i >= 12 {
		s.Name, s.Arm, s.Weight, s.Initial = fmt.Sprintf("canary-%d", i-11), sources.Candidate, 32, 0
		s.Counters = sources.RouterCounters{Requests: 621, Errors: 12, ConnectionErrors: 1, Retries: 2}
	}
	return s
}

func logs() frame.Logs {
	pattern := func(id uint64, text string, level sources.Level, mark analysis.Mark, candidate, legacy float64, ratio analysis.Value, first time.Time, history string) frame.Pattern {
		return frame.Pattern{
			ID: id, Text: sources.NewText(text), Level: level, Mark: mark, Candidate: analysis.Number(candidate, analysis.Bare, 1_240),
			Legacy: analysis.Number(legacy, analysis.Bare, 23_560), Ratio: ratio, New: legacy == 0 && candidate > 0, First: first, Last: at(14, 5, 20),
			Count: sources.ByArm[int64]{Legacy: int64(legacy * 23.56), Candidate: int64(candidate * 1.24)}, History: strips("", history).Candidate,
		}
	}
	none := analysis.Missing("never seen in legacy")
	return frame.Logs{
		Patterns: []frame.Pattern{
			pattern(1, "KeyError: embedding <*> missing", sources.LevelError, analysis.MarkWorse, 14.5, 0, none, at(13, 58, 0), "1111115778"),
			pattern(2, "feature store timeout <*> ms", sources.LevelError, analysis.MarkWorse, 2.4, .2, ratio(12, 2, 60), at(13, 59, 0), "1111112323"),
			pattern(3, "retrying feature store, attempt <*> of 3", sources.LevelWarn, analysis.MarkUndecided, 3.2, 1.1, ratio(2.9, .8, 9.1), at(13, 12, 0), "2122322343"),
			pattern(4, "slow scoring: <*> ms for <*> items", sources.LevelWarn, analysis.MarkReport, 1.6, 1.4, ratio(1.1, .3, 3.9), at(12, 2, 0), "2222232222"),
			pattern(5, "model loaded in <*> s", sources.LevelInfo, analysis.MarkReport, .8, 0, none, at(13, 43, 0), "0080000000"),
		},
		Errors: sources.ByArm[int64]{Legacy: 99, Candidate: 21}, Warnings: sources.ByArm[int64]{Legacy: 310, Candidate: 24},
		Lines: sources.ByArm[int64]{Legacy: 24_102, Candidate: 1_311}, Held: 25_413, Lag: sources.ByArm[time.Duration]{Legacy: 6 * time.Second, Candidate: 5 * time.Second},
		At: at(14, 5, 26), Gen: 7,
	}
}

func audit() []sources.Entry {
	entry := func(seq uint64, when time.Time, kind sources.EntryKind, actor, verb, text string) sources.Entry {
		return sources.Entry{
			Seq: seq, Time: when, Kind: kind, Context: "prod", Service: "ranker", Actor: actor, From: "bastion pts/3", Verb: verb, Text: text,
			Data: json.RawMessage("{}"), Hash: fmt.Sprintf("%016x", seq*2_654_435_761),
		}
	}
	return []sources.Entry{
		entry(106, at(14, 1, 2), sources.EntrySession, "you", "", "a console began"),
		entry(105, at(13, 58, 3), sources.EntryCall, "engine", "", "the call changed from UNDECIDED to WORSE"),
		entry(104, at(13, 50, 12), sources.EntryRefusal, "bo", "set_split", "split 25 % refused: ramping up is locked in prod"),
		entry(103, at(13, 44, 2), sources.EntryRung, "ana", "set_split", "observed: 5.0 % of 412 requests"),
		entry(102, at(13, 44, 0), sources.EntryIntent, "ana", "set_split", "split 0 % → 5 %"),
		entry(101, at(13, 43, 40), sources.EntryUnlock, "ana", "", "unlocked for 10 min: release 42"),
	}
}

func queries() []frame.Query {
	return []frame.Query{
		{Panel: "errors, app", Measure: "errors", Text: `sum by (track) (http_request_duration_seconds_count{app="ranker",code=~"5.."}[30s])`, Note: "raw samples, counted per scrape"},
		{Panel: "over 250 ms", Measure: "slow", Text: `sum by (track, le) (http_request_duration_seconds_bucket{app="ranker"}[30s])`},
		{Panel: "score", Measure: "score", Text: `sum by (track, le) (model_score_bucket{app="ranker"}[30m])`},
	}
}
