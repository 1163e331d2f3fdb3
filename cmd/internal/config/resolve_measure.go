package config

import (
	"slices"
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

// addMeasure puts one measure where the engine wants it; its series have the labels of only beside the target's.
func addMeasure(out *engine.Service, name string, m Measure, only []sources.Matcher) {
	judge := m.judge(name, out.Guards)
	noun := analysis.Measure{Name: name, Judge: judge}
	target := out.Target
	target.Select = slices.Concat(target.Select, only)
	query := sources.BlockQuery{Measure: name, Target: target, Step: out.Step, Counter: m.Counter, BadOf: m.BadCounter, Histogram: m.Histogram}
	switch {
	case m.Counter != "":
		query.Bad, _ = ParseMatchers(m.Bad)
		noun.Kind = analysis.Errors
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Query: query})
	case m.From == "traffic":
		noun.Kind = analysis.RouterErrors
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Router: true})
	case m.From == "logs":
		noun.Kind = analysis.Sensitive
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Logs: true})
	case m.Histogram != "" && m.Above != 0:
		noun.Kind, noun.Edge = analysis.Share, m.edge()
		query.Edges = []float64{noun.Edge}
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Query: query})
	case m.Histogram != "" && judge == analysis.GuardIt:
		noun.Kind = analysis.Latency
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Query: query})
	case m.Histogram != "":
		noun.Kind = analysis.Distribution
		out.Drift = append(out.Drift, drift(noun, target, out.Guards, m.Histogram, false))
	case m.Histograms != "":
		noun.Kind = analysis.Distributions
		out.Drift = append(out.Drift, drift(noun, target, out.Guards, m.Histograms, false))
	case m.Gauges != "":
		noun.Kind = analysis.Gauges
		out.Drift = append(out.Drift, drift(noun, target, out.Guards, m.Gauges, true))
	case m.Expr != "":
		noun.Kind = analysis.Threshold
		out.Thresholds = append(out.Thresholds, engine.Threshold{Measure: noun, Expr: m.Expr})
	}
}

func drift(noun analysis.Measure, target sources.Target, guards []analysis.Guard, names string, gauges bool) engine.Drift {
	d := engine.Drift{Measure: noun, Query: sources.DistributionQuery{Measure: noun.Name, Target: target, Names: names, Gauges: gauges}}
	for _, g := range guards {
		if g.Measure == noun.Name && g.MaxPSI > 0 {
			d.MaxPSI = g.MaxPSI
		}
	}
	return d
}

// judge says what a measure may do: what a guard makes of it, else what is written, else the default of its kind.
func (m Measure) judge(name string, guards []analysis.Guard) analysis.Judge {
	for _, g := range guards {
		if g.Measure == name && g.Relative() {
			return analysis.GuardIt
		}
	}
	switch {
	case m.Judge != 0:
		return m.Judge
	case m.Counter != "" || m.Above != 0:
		return analysis.GuardIt
	case m.Histograms != "" || m.Expr != "":
		return analysis.Warn
	}
	return analysis.Report
}

// edge is the edge in the histogram's own unit.
func (m Measure) edge() float64 {
	edge := time.Duration(m.Above).Seconds()
	if m.Scale > 0 {
		edge /= m.Scale
	}
	return edge
}
