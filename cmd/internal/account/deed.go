package account

import (
	"time"

	"rampart/sources"
)

// Deed is what was asked for and what became of it.
type Deed struct {
	Version  int       `json:"version"`
	Verb     string    `json:"verb"`
	Context  string    `json:"context"`
	Service  string    `json:"service"`
	From     *float64  `json:"from_percent,omitempty"`
	To       *float64  `json:"to_percent,omitempty"`
	Writes   []Request `json:"writes,omitempty"`
	Undo     *float64  `json:"undo_percent,omitempty"` // the share that would undo it
	Warnings []string  `json:"warnings,omitempty"`
	Refused  string    `json:"refused,omitempty"`
	DryRun   bool      `json:"dry_run,omitempty"`
	Intent   string    `json:"intent_id,omitempty"`
	Rung     string    `json:"rung,omitempty"` // the highest that was seen
	Rungs    []Rung    `json:"rungs,omitempty"`
	How      string    `json:"how,omitempty"`    // the way that moved the traffic and why, where it was not the first
	Routed   *Routed   `json:"routed,omitempty"` // since the change; left out where nothing was followed
	Error    string    `json:"error,omitempty"`
}

// Request is one request to one member of the plane, with secrets masked.
type Request struct {
	Member  string `json:"member"`
	Request string `json:"request"`
}

// Rung is when a rung was seen.
type Rung struct {
	Rung string    `json:"rung"`
	At   time.Time `json:"at"`
}

// Routed are the requests since the change, by arm. They are null where nobody could count them, with the reason.
type Routed struct {
	Legacy    *int64 `json:"legacy" jsonschema:"nullable"`
	Candidate *int64 `json:"candidate" jsonschema:"nullable"`
	Why       string `json:"why,omitempty"`
}

// RoutedOf reads them from an action's progress.
func RoutedOf(r sources.Routed) *Routed {
	if !r.Counted {
		return &Routed{Why: r.Reason()}
	}
	return &Routed{Legacy: &r.Requests.Legacy, Candidate: &r.Requests.Candidate}
}

// Planned is a deed that nothing was done for yet.
func Planned(context string, p sources.Preview) Deed {
	d := Deed{Version: Version, Verb: p.Action.Verb.String(), Context: context, Service: p.Action.Service, Refused: p.Confirm.Refuse}
	if c := p.Change; c.From.Known || len(c.Writes) > 0 {
		d.From, d.To = percentOf(c.From), percentOf(c.To)
		if c.Inverse != nil && c.Moves() {
			undo := c.Inverse.To.Percent()
			d.Undo = &undo
		}
	}
	for _, w := range p.Change.Writes {
		d.Writes = append(d.Writes, Request{w.Member, w.Request})
	}
	for _, n := range p.Warnings {
		d.Warnings = append(d.Warnings, n.Text.String())
	}
	return d
}

// Done adds how far it came.
func (d Deed) Done(p sources.Progress, err error) Deed {
	d.Intent, d.Rung, d.How = p.IntentID, p.Rung.String(), p.How
	for _, r := range p.Rungs {
		d.Rungs = append(d.Rungs, Rung{r.Rung.String(), r.At.UTC()})
	}
	if p.Rung > sources.RungNone && p.Change.To.Known { // a hold moves nothing
		d.Routed = RoutedOf(p.Requests)
	}
	if err != nil {
		d.Error = sources.Visible(err.Error())
	}
	return d
}
