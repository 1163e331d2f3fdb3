package logsheet

import (
	"fmt"
	"strings"

	"rampart/analysis"
	"rampart/cmd/internal/document"
)

// number is a [document.Number] under this document's keys.
type number struct {
	Value *float64 `json:"value"`
	Lo    *float64 `json:"low,omitempty"`
	Hi    *float64 `json:"high,omitempty"`
	N     int64    `json:"n,omitempty"`
	Why   string   `json:"why,omitempty"`
}

func numberOf(v analysis.Value) number { return number(document.Of(v)) }

// rate prints lines per 1 000 requests.
func rate(v analysis.Value) string {
	if !v.Known {
		return "—"
	}
	return fmt.Sprintf("%.1f", v.V)
}

// ratio prints a ratio with its interval.
func ratio(v analysis.Value, isNew bool) string {
	switch {
	case isNew:
		return "new"
	case !v.Known:
		return "—"
	case !v.Interval:
		return "×" + short(v.V)
	case v.OpenHi:
		return fmt.Sprintf("×%s (%s–)", short(v.V), short(v.Lo))
	}
	return fmt.Sprintf("×%s (%s–%s)", short(v.V), short(v.Lo), short(v.Hi))
}

// times prints evidence.
func times(v analysis.Value) string {
	if !v.Known {
		return "—"
	}
	if v.V >= 1e6 {
		return ">1 M×"
	}
	return short(v.V) + "×"
}

func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.0e", v)
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2g", v)
}

// code is a text as code in Markdown, which nothing in it can end.
func code(s string) string {
	s = strings.NewReplacer("`", "'", "|", "¦").Replace(s)
	if s == "" {
		return "—"
	}
	return "`" + s + "`"
}
