package export

import (
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Head is the first line of an export: which lines they are, by which exact question.
type Head struct {
	Rampart string    `json:"rampart"` // "logs"
	Version int       `json:"version"`
	Context string    `json:"context"`
	Service string    `json:"service"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Filter  []string  `json:"filter"`
	Pattern uint64    `json:"pattern,omitempty"`
	Queries []string  `json:"queries"` // what the source was asked, and what of it is held
	Held    int64     `json:"held"`
	Sample  string    `json:"sample,omitempty"`
	Masked  bool      `json:"masked"`
	At      time.Time `json:"at"`
}

// HeadOf is the head of the lines that a question asks for, of a window, as a frame knows them.
func HeadOf(f *frame.Frame, q frame.LogsQuery, w sources.Window) Head {
	h := Head{
		Rampart: "logs", Version: 1, Context: f.Context, Service: f.Service, From: w.From.UTC(), To: w.To.UTC(), Filter: []string{}, Pattern: q.Pattern,
		Queries: []string{}, Held: f.Logs.Held, Sample: f.Logs.Sample, Masked: true, At: f.At.UTC(),
	}
	for _, t := range q.Terms {
		h.Filter = append(h.Filter, sources.Visible(t))
	}
	for _, x := range f.Queries {
		if x.Panel == "logs" && x.Text != "" {
			h.Queries = append(h.Queries, sources.Visible(x.Text))
		}
	}
	return h
}
