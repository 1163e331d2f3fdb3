package action

import (
	"testing"
	"time"

	"rampart/sources"
)

func TestRestart_SaysWhatBecameOfAnOpenActionOnlyAsFarAsThePlaneKnows(t *testing.T) {
	at := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	none := sources.SplitAt(0, at)
	for want, is := range map[string]sources.Split{
		"the candidate has 0 %, and the asked 0 % is what is set":       none,
		"the candidate has 5 %, and the asked 0 % is not what is set":   sources.SplitAt(sources.Whole/20, at),
		"the plane does not know what the candidate has, asked was 0 %": {},
	} {
		if got := became(none, is); got != want {
			t.Errorf("said %q, wanted %q", got, want)
		}
	}
}
