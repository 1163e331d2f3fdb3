package judge

import "rampart/analysis"

// mark gives each finding its sign: what evidence calls worse or safe, what is undecided, what only reports.
func mark(in Input) []analysis.Finding {
	out := make([]analysis.Finding, len(in.Measures))
	for i, f := range in.Measures {
		f.Mark = markOf(f)
		out[i] = f
	}
	return out
}

func markOf(f analysis.Finding) analysis.Mark {
	switch {
	case !f.Candidate.Known && !f.Legacy.Known:
		return analysis.MarkMissing
	case f.Call == analysis.Worse:
		return analysis.MarkWorse
	case f.Call == analysis.Safe:
		return analysis.MarkSafe
	case f.Measure.Judge == analysis.Report:
		return analysis.MarkReport
	case f.Mark != analysis.MarkNone:
		return f.Mark
	}
	return analysis.MarkUndecided
}
