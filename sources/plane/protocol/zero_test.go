package protocol

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// Whoever leaves 0 out is told the default of the other end, which may be anything.
func TestDocument_AShareOfNothingIsWrittenOut(t *testing.T) {
	for _, in := range []sources.Intent{{ID: "1", Verb: sources.RollBack}, {ID: "2", Verb: sources.SetSplit}} {
		b, err := json.Marshal(Request{Version: Version, Call: CallApply, Intent: document(sources.Change{Intent: in, To: sources.SplitAt(0, time.Time{})})})
		if err != nil || !strings.Contains(string(b), `"candidate_percent":0`) {
			t.Errorf("%s, %v", b, err)
		}
	}
}
