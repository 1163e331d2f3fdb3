package action

import (
	"encoding/json"
	"fmt"
	"time"

	"rampart/sources"
)

// intentData is what an intent's entry holds: what was confirmed, and the exact requests. Shares are in parts per
// million: the journal rounds nothing.
type intentData struct {
	To       share               `json:"to"`
	From     share               `json:"from"`
	Writes   []string            `json:"writes"`
	Members  []string            `json:"members,omitempty"`
	Back     share               `json:"back"` // what would undo it
	Rev      string              `json:"rev,omitempty"`
	Reason   string              `json:"reason,omitempty"`
	Identity sources.ByArm[text] `json:"identity,omitzero"`
	Screen   screenData          `json:"screen"`
	Confirm  *confirmBy          `json:"confirm,omitempty"` // it reverts by itself
	Reverts  string              `json:"reverts,omitempty"` // the intent whose time was over
	Way      sources.Way         `json:"way,omitempty"`     // another than the plane's own
	Because  string              `json:"because,omitempty"` // why the ways before it did not do
	Epochs   sources.Epochs      `json:"epochs,omitempty"`  // the processes that it was sent to
}

// screenData is what the one who confirmed was looking at.
type screenData struct {
	Split    share                               `json:"split"`
	Rev      string                              `json:"rev,omitempty"`
	Servers  sources.ByArm[[2]int]               `json:"servers"` // up, and all
	Rates    *sources.ByArm[sources.ServerRates] `json:"rates,omitempty"`
	Warnings []string                            `json:"warnings,omitempty"`
	Replan   string                              `json:"replan,omitempty"`
	Word     string                              `json:"word,omitempty"` // that was typed
	At       time.Time                           `json:"at,omitzero"`    // when it was previewed
}

// confirmBy is the time limit of a change, and what it reverts to.
type confirmBy struct {
	At   time.Time `json:"at"`
	Back share     `json:"back"`
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
	Known   bool      `json:"known"` // the outcome is: nothing is left to find out
	Try     int       `json:"try,omitempty"`
	SentAt  time.Time `json:"sent_at,omitzero"`
	Answers []string  `json:"answers,omitempty"`
	Error   string    `json:"error,omitempty"`
}

// rungData is what a rung's entry holds.
type rungData struct {
	Rung      sources.Rung          `json:"rung"`
	At        time.Time             `json:"at,omitzero"`
	Share     share                 `json:"share"`
	Effective share                 `json:"effective"`
	Requests  *sources.ByArm[int64] `json:"requests"`            // null: not counted
	Uncounted string                `json:"uncounted,omitempty"` // why not
	Agent     bool                  `json:"agent,omitempty"`     // of a revert: an agent check may have made it
	Awake     []string              `json:"awake,omitzero"`      // of a drain that was undone: the members on which no drain holds any more; null: not told
}

// rungOf is a rung as the journal keeps it.
func rungOf(rung sources.Rung, at time.Time, out sources.Outcome) rungData {
	d := rungData{Rung: rung, At: at.UTC(), Share: share{out.Reading.Configured}, Effective: share{out.Reading.Effective}}
	if got := out.Routed(); got.Counted {
		d.Requests = &got.Requests
	} else {
		d.Uncounted = got.Reason()
	}
	return d
}

// undoneOf is a revert as the journal keeps it.
func undoneOf(way sources.Way, rung sources.Rung, at time.Time, out sources.Outcome) rungData {
	d := rungOf(rung, at, out)
	d.Agent = agentOn(out.Reading)
	if way == sources.Drain {
		d.Awake = awakeOn(out.Reading)
	}
	return d
}

// record is an offer's intent as the journal keeps it.
func (o *offer) record() json.RawMessage {
	p, c := &o.preview, o.preview.Change
	d := intentData{
		To: share{c.To}, From: share{c.From}, Rev: c.Intent.Expect.Rev, Reason: c.Intent.Reason, Identity: c.Intent.Expect.Identity,
		Screen: screenData{
			Split: share{p.Action.Seen.Split}, Rev: p.Action.Seen.Rev, Servers: p.Servers, Replan: p.Replan, Word: p.Confirm.Word, At: o.at,
		},
	}
	for _, w := range c.Writes {
		d.Writes, d.Members = append(d.Writes, w.Request), append(d.Members, w.Member)
	}
	for _, n := range p.Warnings {
		d.Screen.Warnings = append(d.Screen.Warnings, n.Text.String())
	}
	if p.Rates.Legacy.Known || p.Rates.Candidate.Known {
		d.Screen.Rates = &p.Rates
	}
	if c.Inverse != nil {
		d.Back = share{sources.SplitAt(c.Inverse.To, time.Time{})}
	}
	if c.Intent.Way != "" {
		d.Way, d.Because, d.Epochs = c.Intent.Way, c.Intent.Because, o.epochs
	}
	if o.limit.id != "" {
		d.Reverts = o.limit.id
	} else if !o.limit.at.IsZero() {
		d.Confirm = &confirmBy{At: o.limit.at, Back: share{o.limit.back}}
	}
	return record(d)
}

func receiptRecord(rc sources.Receipt, try int, err error) json.RawMessage {
	d := receiptData{Try: try, Known: err == nil, SentAt: rc.SentAt}
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
