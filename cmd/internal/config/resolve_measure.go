package config

import (
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/engine"
	"rampart/sources"
)

// addMeasure puts one measure where the engine wants it.
func addMeasure(out *engine.Service, name string, m Measure) {
	judge := m.judge(name, out.Guards)
	noun := analysis.Measure{Name: name, Judge: judge}
	query := sources.BlockQuery{Measure: name, Target: out.Target, Step: out.Step, Counter: m.Counter, BadOf: m.BadCounter, Histogram: m.Histogram}
	switch {
	case m.Counter != "":
		query.Bad, _ = ParseMatchers(m.Bad)
		noun.Kind = analysis.Errors
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Query: query})
	case m.From == "traffic":
		noun.Kind = analysis.RouterErrors
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Router: true})
	case m.Histogram != "" && m.Above != 0:
		noun.Kind, noun.Edge = analysis.Share, m.edge()
		query.Edges = []float64{noun.Edge}
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Query: query})
	case m.Histogram != "" && judge == analysis.GuardIt:
		noun.Kind = analysis.Latency
		out.Measures = append(out.Measures, engine.Measure{Measure: noun, Query: query})
	case m.Histogram != "":
		noun.Kind = analysis.Distribution
		out.Drift = append(out.Drift, drift(noun, out, m.Histogram, false))
	case m.Histograms != "":
		noun.Kind = analysis.Distributions
		out.Drift = append(out.Drift, drift(noun, out, m.Histograms, false))
	case m.Gauges != "":
		noun.Kind = analysis.Gauges
		out.Drift = append(out.Drift, drift(noun, out, m.Gauges, true))
	case m.Expr != "":
		noun.Kind = analysis.Threshold
		out.Thresholds = append(out.Thresholds, engine.Threshold{Measure: noun, Expr: m.Expr})
	}
}

func drift(noun analysis.Measure, out *engine.Service, names string, gauges bool) engine.Drift {
	d := engine.Drift{Measure: noun, Query: sources.DistributionQuery{Measure: noun.Name, Target: out.Target, Names: names, Gauges: gauges}}
	for _, g := range out.Guards {
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

// allMeasures are those of the preset, each replaced by one of the same name in the file.
func (s Service) allMeasures() map[string]Measure {
	out := map[string]Measure{}
	for name, m := range s.Measures {
		out[name] = m
	}
	return out
}
