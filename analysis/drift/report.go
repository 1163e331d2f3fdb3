package drift

import (
	"fmt"

	"rampart/analysis/stat"
	"rampart/sources"
)

// Kind is what sort of values a feature has.
type Kind uint8

// The kinds. The zero value is unknown.
const (
	Numeric Kind = iota + 1
	Categorical
)

var kindWords = [...]string{"unknown", "numeric", "categorical"}

// String is the word of the kind.
func (k Kind) String() string {
	if int(k) < len(kindWords) {
		return kindWords[k]
	}
	return kindWords[0]
}

// MarshalText writes the word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what MarshalText writes; an unknown kind is an error.
func (k *Kind) UnmarshalText(b []byte) error {
	for i, w := range kindWords {
		if i > 0 && w == string(b) {
			*k = Kind(i)
			return nil
		}
	}
	return fmt.Errorf("kind %q: want numeric or categorical", b)
}

// Reference says what the candidate is compared with.
type Reference uint8

// The references. The zero value is legacy at the same time.
const (
	Concurrent Reference = iota
	Saved
)

// String is the word of the reference.
func (r Reference) String() string {
	if r == Saved {
		return "saved profile"
	}
	return "legacy at the same time"
}

// Options are what a comparison may be told. The zero value is good.
type Options struct {
	// Feature names the report.
	Feature string
	// Base is the log base of Jensen-Shannon; nats when not set.
	Base stat.LogBase
	// Reference is what the legacy side is.
	Reference Reference
}

func (o Options) base() stat.LogBase {
	if o.Base == stat.NoLog {
		return stat.Nats
	}
	return o.Base
}

// Report is one feature's drift. The legacy side is the reference, whichever it is.
type Report struct {
	Feature   string
	Kind      Kind
	Reference Reference
	// Binning is how the values were put into cells, in words.
	Binning string
	// Sides are what is known of each arm by itself.
	Sides sources.ByArm[Side]
	// PSI and JS are taken of cells without sparse ones; W1 (in the feature's unit) and KS of all cells or of the raw
	// values; TV of categories.
	PSI, JS, W1, KS, TV Distance
	// Missing and Zero compare the shares without a value and with the value 0.
	Missing, Zero Share
	// Appeared are the categories that only the candidate has, Gone those that only legacy has; the most surprising first.
	Appeared, Gone []Category
	// Evidence is what a Tracker has seen.
	Evidence Evidence
	Notes    []sources.Note
}

// Side is one arm by itself.
type Side struct {
	// N is how many values there are, without the missing ones.
	N float64
	// Mean is in the feature's unit.
	Mean Amount
	// Edges and Shares are the cells after merging to common edges; for categories Names stand for the edges.
	Edges  []float64
	Names  []sources.Text
	Shares []float64
}

// Share compares one share of both arms.
type Share struct {
	Legacy, Candidate Amount
	// P is the p-value of one look.
	P Amount
	// Why says why a share is not known.
	Why string
}

// Evidence is log E that the two arms differ in any way, from blocks.
type Evidence struct {
	LogE   float64
	Blocks int
	Known  bool
	Why    string
}

func compareShare(a, b Amount, nA, nB float64, why string) Share {
	if !a.Known || !b.Known {
		return Share{Legacy: a.Over(nA), Candidate: b.Over(nB), Why: why}
	}
	s := Share{Legacy: a.Over(nA), Candidate: b.Over(nB)}
	r, err := stat.TwoProportions(stat.Proportion{Hits: a.V, N: nA}, stat.Proportion{Hits: b.V, N: nB})
	if err != nil {
		s.Why = err.Error()
		return s
	}
	s.P = Of(r.P)
	return s
}

func (r *Report) note(kind sources.NoteKind, format string, args ...any) {
	r.Notes = append(r.Notes, sources.Note{Kind: kind, Text: sources.Textf(format, args...)})
}

func newReport(kind Kind, o Options) Report {
	r := Report{Feature: o.Feature, Kind: kind, Reference: o.Reference}
	r.Evidence.Why = "no blocks were compared"
	if o.Reference == Saved {
		r.Evidence.Why = "a saved profile has not seen the same traffic"
		r.note(sources.NoteInfo, "compared with a saved profile: the time of day and the mix of users differ too")
	}
	return r
}

// unknownAll gives the one reason for all distances.
func (r *Report) unknownAll(why string) {
	for _, d := range []*Distance{&r.PSI, &r.JS, &r.W1, &r.KS, &r.TV} {
		*d = unknown(why)
	}
}
