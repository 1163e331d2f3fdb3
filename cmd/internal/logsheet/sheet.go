package logsheet

import (
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
)

// Version is the version of what is written as JSON.
const Version = 1

// sheet is all that a report says.
type sheet struct {
	Version    int                  `json:"version"`
	At         time.Time            `json:"at"`
	Service    string               `json:"service"`
	Legacy     sources.Text         `json:"legacy"`
	Candidate  sources.Text         `json:"candidate"`
	From       time.Time            `json:"from"`
	To         time.Time            `json:"to"`
	Sample     string               `json:"sample,omitempty"`
	Lines      sources.ByArm[int64] `json:"lines"`
	Errors     sources.ByArm[int64] `json:"errors"`
	Warnings   sources.ByArm[int64] `json:"warnings"`
	Late       int64                `json:"late"`
	Dropped    int64                `json:"dropped"`
	Compared   compared             `json:"compared"`
	Diff       []row                `json:"diff"`
	Patterns   []row                `json:"patterns,omitempty"`
	New        []row                `json:"new,omitempty"`
	Categories []category           `json:"categories,omitempty"`
	Sensitive  []sensitive          `json:"sensitive,omitempty"`
	Volume     []volume             `json:"volume,omitempty"`
	Findings   []sources.Text       `json:"findings,omitempty"`
	Notes      []sources.Text       `json:"notes,omitempty"`
}

// compared says what the rows rest on.
type compared struct {
	From      time.Time `json:"from,omitzero"`
	To        time.Time `json:"to,omitzero"`
	Blocks    int       `json:"blocks"`
	Templates int       `json:"templates"`
	Alpha     number    `json:"alpha"`
	Why       string    `json:"why,omitempty"`
}

// row is one template.
type row struct {
	Pattern   string               `json:"pattern"`
	Text      sources.Text         `json:"text"`
	Level     sources.Level        `json:"level"`
	Selected  bool                 `json:"selected"`
	New       bool                 `json:"new"`
	Evidence  number               `json:"evidence"`
	Need      number               `json:"need"`
	Candidate number               `json:"candidate_per_1000"`
	Legacy    number               `json:"legacy_per_1000"`
	Ratio     number               `json:"ratio"`
	Lines     sources.ByArm[int64] `json:"lines"`
	First     time.Time            `json:"first"`
	Last      time.Time            `json:"last"`
	Why       string               `json:"why,omitempty"`

	Sample sources.ByArm[sources.Text] `json:"sample"`
	shown  frame.Pattern
}

type category struct {
	Name      string               `json:"name"`
	Lines     sources.ByArm[int64] `json:"lines"`
	Candidate number               `json:"candidate_per_1000"`
	Legacy    number               `json:"legacy_per_1000"`
	Ratio     number               `json:"ratio"`
	Evidence  number               `json:"evidence"`
	Selected  bool                 `json:"selected"`
	shown     frame.Category
}

type sensitive struct {
	Kind  string               `json:"kind"`
	Lines sources.ByArm[int64] `json:"lines"`
}

type volume struct {
	At    time.Time            `json:"at"`
	Lines sources.ByArm[int64] `json:"lines"`
}

// mostTop is how many patterns a report names.
const mostTop = 20

// sheetOf reads a frame. A diff alone has its rows, a report all.
func sheetOf(f *frame.Frame, whole bool) sheet {
	l := f.Logs
	b := l.DiffBasis
	s := sheet{
		Version: Version, At: f.At.UTC(), Service: f.Service, Legacy: f.Rollout.Legacy, Candidate: f.Rollout.Candidate,
		From: l.Window.From.UTC(), To: l.Window.To.UTC(), Sample: l.Sample, Lines: l.Lines, Errors: l.Errors, Warnings: l.Warnings,
		Late: l.Late, Dropped: l.Dropped, Diff: []row{},
		Compared: compared{From: b.Window.From.UTC(), To: b.Window.To.UTC(), Blocks: b.Blocks, Templates: b.Templates, Alpha: numberOf(b.Alpha), Why: b.Why},
	}
	for _, r := range l.Diff {
		s.Diff = append(s.Diff, rowOf(r.Pattern, r.Why))
		if whole && r.New {
			s.New = append(s.New, rowOf(r.Pattern, r.Why))
		}
	}
	for _, n := range l.Findings {
		s.Findings = append(s.Findings, n.Text)
	}
	for _, n := range l.Notes {
		s.Notes = append(s.Notes, n.Text)
	}
	if whole {
		s.add(l)
	}
	return s
}

// add takes what only a report says.
func (s *sheet) add(l frame.Logs) {
	for _, p := range l.Patterns[:min(len(l.Patterns), mostTop)] {
		s.Patterns = append(s.Patterns, rowOf(p, ""))
	}
	for _, c := range l.Categories {
		s.Categories = append(s.Categories, category{
			Name: c.Name, Lines: c.Lines, Candidate: numberOf(c.Candidate), Legacy: numberOf(c.Legacy), Ratio: numberOf(c.Ratio),
			Evidence: numberOf(c.Evidence), Selected: c.Mark == analysis.MarkWorse, shown: c,
		})
	}
	for _, k := range l.Sensitive {
		s.Sensitive = append(s.Sensitive, sensitive{k.Kind, k.Hits})
	}
	n := len(l.Volume.Legacy)
	end := l.Window.To.UTC().Truncate(time.Minute)
	for i := range n {
		v := volume{At: end.Add(time.Duration(i-n) * time.Minute), Lines: sources.ByArm[int64]{Legacy: l.Volume.Legacy[i].N}}
		if i < len(l.Volume.Candidate) {
			v.Lines.Candidate = l.Volume.Candidate[i].N
		}
		s.Volume = append(s.Volume, v)
	}
}

func rowOf(p frame.Pattern, why string) row {
	return row{
		Pattern: patternID(p.ID), Text: p.Text, Level: p.Level, Selected: p.Selected, New: p.New, Evidence: numberOf(p.Evidence), Need: numberOf(p.Need),
		Candidate: numberOf(p.Candidate), Legacy: numberOf(p.Legacy), Ratio: numberOf(p.Ratio), Lines: p.Count, First: p.First.UTC(), Last: p.Last.UTC(),
		Why: why, Sample: p.Sample, shown: p,
	}
}
