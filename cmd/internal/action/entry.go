package action

import (
	"encoding/json"
	"fmt"
	"time"

	"rampart/sources"
)

// intentData is what an intent's entry holds. Shares are in parts per million: the journal rounds nothing.
type intentData struct {
	To       share               `json:"to"`
	From     share               `json:"from"`
	Writes   []string            `json:"writes"`
	Members  []string            `json:"members,omitempty"`
	Rev      string              `json:"rev,omitempty"`
	Reason   string              `json:"reason,omitempty"`
	Identity sources.ByArm[text] `json:"identity,omitzero"`
}

type text = sources.Text

// share is a split in the journal: null when it is not known.
type share struct{ sources.Split }

// MarshalJSON writes parts per million.
func (s share) MarshalJSON() ([]byte, error) {
	if !s.Known {
		return []byte("null"), nil
	}
	return json.Marshal(uint32(s.Candidate))
}

// UnmarshalJSON reads them.
func (s *share) UnmarshalJSON(b []byte) error {
	var ppm *uint32
	if err := json.Unmarshal(b, &ppm); err != nil {
		return fmt.Errorf("share: %w", err)
	}
	s.Split = sources.Split{}
	if ppm != nil {
		s.Split = sources.SplitAt(sources.Share(*ppm), time.Time{})
	}
	return nil
}

// receiptData is what a receipt's entry holds.
type receiptData struct {
	Known   bool     `json:"known"` // the outcome is: nothing is left to find out
	Try     int      `json:"try,omitempty"`
	Answers []string `json:"answers,omitempty"`
	Error   string   `json:"error,omitempty"`
}

// rungData is what a rung's entry holds.
type rungData struct {
	Rung      sources.Rung         `json:"rung"`
	Share     share                `json:"share"`
	Effective share                `json:"effective"`
	Requests  sources.ByArm[int64] `json:"requests"`
}

func intentRecord(c sources.Change) json.RawMessage {
	d := intentData{To: share{c.To}, From: share{c.From}, Rev: c.Intent.Expect.Rev, Reason: c.Intent.Reason, Identity: c.Intent.Expect.Identity}
	for _, w := range c.Writes {
		d.Writes, d.Members = append(d.Writes, w.Request), append(d.Members, w.Member)
	}
	return record(d)
}

func receiptRecord(rc sources.Receipt, try int, err error) json.RawMessage {
	d := receiptData{Try: try, Known: err == nil}
	for _, a := range rc.Answer {
		said := "ok"
		if a.Err != nil {
			said = a.Err.Error()
		} else if !a.Text.IsZero() {
			said = a.Text.String()
		}
		d.Answers = append(d.Answers, a.Write.Member+" "+a.Write.Request+": "+said)
	}
	if err != nil {
		d.Error = err.Error()
	}
	return record(d)
}

// record encodes what cannot fail to be encoded.
func record(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		b, _ = json.Marshal(err.Error())
	}
	return b
}
