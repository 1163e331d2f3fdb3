package ramp

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"rampart/analysis"
	"rampart/sources"
)

// Plan is how a ramp goes on. It is data: nothing in it changes while a ramp runs.
type Plan struct {
	Steps []Step `json:"steps"`
	// OnWorse follows when the candidate is worse, OnNoData when there is nothing to judge by, OnTimeout when a step's
	// Max is over. Unset (DoWarn) they are rollback, hold and hold.
	OnWorse   analysis.Consequence `json:"on_worse"`
	OnNoData  analysis.Consequence `json:"on_no_data"`
	OnTimeout analysis.Consequence `json:"on_timeout"`

	MaxJump sources.Share `json:"-"` // the most that one step may add; 0: any
	// MaxAlerting is the most that is set while an alert of the service fires; 0: nothing is raised then.
	MaxAlerting sources.Share `json:"-"`

	// SecondPerson: an approval counts only from somebody else than the one who started the ramp.
	SecondPerson bool          `json:"second_person,omitempty"`
	MinSamples   int64         `json:"min_samples"` // requests that each arm must have had in a step before it may be left
	Freeze       []Freeze      `json:"freeze"`      // when nothing is raised
	Confirm      time.Duration `json:"confirm"`     // each step reverts by itself unless confirmed within it; 0: it stays
	Watchdog     time.Duration `json:"watchdog"`    // a second process sets 0 % when the runner is silent for it; 0: never
	Extend       Extension     `json:"extend"`
	Rules        []Rule        `json:"rules"`
}

type (
	plainPlan Plan
	wirePlan  struct {
		*plainPlan
		MaxJump     uint32 `json:"max_jump_ppm,omitempty"`
		MaxAlerting uint32 `json:"max_alerting_ppm,omitempty"`
	}
)

// MarshalJSON writes the plan with its exact shares.
func (p Plan) MarshalJSON() ([]byte, error) {
	return json.Marshal(wirePlan{(*plainPlan)(&p), uint32(p.MaxJump), uint32(p.MaxAlerting)})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Plan) UnmarshalJSON(b []byte) error {
	w := wirePlan{plainPlan: (*plainPlan)(p)}
	err := json.Unmarshal(b, &w)
	p.MaxJump, p.MaxAlerting = sources.Share(w.MaxJump), sources.Share(w.MaxAlerting)
	return err
}

// Extension is how often a step's Max may be drawn out while its evidence is on the way to safe.
type Extension struct {
	By   time.Duration `json:"by"`   // how much longer, each time
	Most int           `json:"most"` // how often in one step; 0: never
}

// WhenWorse is what follows when the candidate is worse.
func (p Plan) WhenWorse() analysis.Consequence { return or(p.OnWorse, analysis.DoRollBack) }

// WhenNoData is what follows when there is nothing to judge by.
func (p Plan) WhenNoData() analysis.Consequence { return or(p.OnNoData, analysis.DoHold) }

// WhenTimeout is what follows when a step's Max is over.
func (p Plan) WhenTimeout() analysis.Consequence { return or(p.OnTimeout, analysis.DoHold) }

func or(c, otherwise analysis.Consequence) analysis.Consequence {
	if c == analysis.DoWarn {
		return otherwise
	}
	return c
}

// String is the steps as they are written: "1% for 15m, 5% until safe or 30m, 100%".
func (p Plan) String() string {
	texts := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		texts[i] = s.String()
	}
	return strings.Join(texts, ", ")
}

// Highest is the largest share that the plan ever sets.
func (p Plan) Highest() sources.Share {
	var most sources.Share
	for _, s := range p.Steps {
		most = max(most, s.To)
	}
	return most
}

// at is the index of the last step whose share is at most a share, or -1.
func (p Plan) at(share sources.Share) int {
	i, found := slices.BinarySearchFunc(p.Steps, share, func(s Step, to sources.Share) int { return int(int64(s.To) - int64(to)) })
	if found {
		return i
	}
	return i - 1
}
