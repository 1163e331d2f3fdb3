package main

import (
	"slices"
	"testing"

	"rampart/analysis/frame"
	"rampart/sources"
)

func TestAsked_TheSourceAnswersArmsAndLevelsAndTheRestIsComparedHere(t *testing.T) {
	for _, c := range []struct {
		q      frame.LogsQuery
		arms   []sources.Arm
		levels []sources.Level
		here   []string
	}{
		{frame.LogsQuery{}, nil, nil, nil},
		{frame.LogsQuery{Arm: sources.Legacy, Level: sources.LevelWarn}, []sources.Arm{sources.Legacy}, []sources.Level{sources.LevelError, sources.LevelWarn}, nil},
		{frame.LogsQuery{Terms: []string{"arm:candidate", "level:info"}}, []sources.Arm{sources.Candidate}, []sources.Level{sources.LevelInfo}, nil},
		{frame.LogsQuery{Level: sources.LevelInfo, Terms: []string{"level:>=error"}}, nil, []sources.Level{sources.LevelError}, nil},
		{frame.LogsQuery{Terms: []string{"user.id:7", "timeout", "level:unknown", "/a.b/"}}, nil, nil, []string{"user.id:7", "timeout", "level:unknown", "/a.b/"}},
		{frame.LogsQuery{Terms: []string{"!arm:legacy"}}, []sources.Arm{sources.Candidate}, nil, nil},
		{frame.LogsQuery{Arm: sources.Legacy, Terms: []string{"arm:candidate"}}, []sources.Arm{sources.Legacy}, nil, nil},
	} {
		arms, levels, here := asked(c.q)
		if !slices.Equal(arms, c.arms) || !slices.Equal(levels, c.levels) || !slices.Equal(here, c.here) {
			t.Errorf("%+v: %v %v %q", c.q, arms, levels, here)
		}
	}
}
