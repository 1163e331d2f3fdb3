package score

import (
	"math"
	"strconv"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
)

// digits is how many significant digits are printed: what all architectures agree on.
const digits = 9

// rounding is what no number printed here can mean.
const rounding = 1e-15

// AppendLine appends the newest block's line of -o jsonl. It needs a judge that audits.
func (j *Judge) AppendLine(dst []byte) []byte {
	dst = dossier.AppendString(append(dst, `{"id":`...), j.header.ID)
	dst = j.end.UTC().AppendFormat(append(dst, `,"t":"`...), time.RFC3339Nano)
	dst = strconv.AppendInt(append(dst, `","block":`...), int64(j.blocks), 10)
	dst = appendCall(append(dst, `,"call":`...), j.call)
	dst = appendNumber(append(dst, `,"log_e":{"harm":`...), j.logHarm)
	dst = appendNumber(append(dst, `,"safe":`...), j.logSafe)
	dst = append(dst, `},"measures":{`...)
	for i, m := range j.measures {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(append(dst, m.label...), ':')
		dst = j.appendMeasure(dst, m)
	}
	dst = j.appendGauges(append(dst, `},"gauges":`...))
	dst = j.appendForecast(append(dst, `,"forecast_blocks":`...))
	return append(dst, "}\n"...)
}

func (j *Judge) appendMeasure(dst []byte, m *Measure) []byte {
	dst = appendCall(append(dst, `{"call":`...), j.MeasureCall(m))
	if m.errors != nil {
		dst = appendNumber(append(dst, `,"a1":`...), m.errors.LogRaw())
	} else {
		dst = appendNumber(append(dst, `,"b1":`...), m.latency.LogCells())
		dst = appendNumber(append(dst, `,"b2":`...), m.latency.LogTail())
	}
	dst = appendNumber(append(dst, `,"log_e_harm":`...), m.logHarm)
	dst = appendNumber(append(dst, `,"log_e_safe":`...), m.logSafe)
	if m.latency != nil {
		edge, known := m.Edge()
		dst = appendKnown(append(dst, `,"edge":`...), edge, known)
	}
	ratio, known := m.Ratio()
	dst = appendKnown(append(dst, `,"rr":`...), ratio, known)
	lo, hi, bounded := m.Interval(j.alpha)
	dst = appendNumber(append(dst, `,"rr_lo":`...), lo)
	dst = appendKnown(append(dst, `,"rr_hi":`...), hi, bounded)
	sum := m.Sum()
	dst = strconv.AppendInt(append(dst, `,"n_legacy":`...), int64(sum.LegacyN), 10)
	dst = strconv.AppendInt(append(dst, `,"n_candidate":`...), int64(sum.CandidateN), 10)
	return append(dst, '}')
}

func (j *Judge) appendGauges(dst []byte) []byte {
	var phi, lag float64
	var phiKnown, lagKnown bool
	if m := j.errorsMeasure(); m != nil {
		phi, phiKnown = m.errors.Phi(), m.judged
		lag, _, lagKnown = m.errors.Lag1()
	}
	dst = appendKnown(append(dst, `{"dispersion":`...), phi, phiKnown)
	dst = appendKnown(append(dst, `,"lag1":`...), lag, lagKnown)
	dst = appendNumber(append(dst, `,"srm_log_e":`...), j.LogMismatch())
	dst = append(dst, `,"red":[`...)
	if j.confirm.Red() {
		dst = append(dst, `"confirmation"`...)
		if j.Burst() {
			dst = append(dst, ',')
		}
	}
	if j.Burst() {
		dst = append(dst, `"burst"`...)
	}
	return append(dst, "]}"...)
}

// Forecast is the range of blocks until WORSE by the first errors measure that counts, at the ratio in hand.
func (j *Judge) Forecast() (lo, hi float64, known bool) {
	for i, m := range j.measures {
		if m.errors != nil && j.weights[i] > 0 {
			return m.Forecast()
		}
	}
	return 0, 0, false
}

func (j *Judge) appendForecast(dst []byte) []byte {
	lo, hi, known := j.Forecast()
	if !known {
		return append(dst, "null"...)
	}
	dst = strconv.AppendInt(append(dst, `{"lo":`...), int64(lo), 10)
	dst = strconv.AppendInt(append(dst, `,"hi":`...), int64(hi), 10)
	return append(dst, '}')
}

func appendCall(dst []byte, c analysis.Call) []byte {
	return append(append(append(dst, '"'), c.String()...), '"')
}

func appendNumber(dst []byte, v float64) []byte {
	if math.Abs(v) < rounding {
		return append(dst, '0') // no minus zero, and no noise of weights that add up to 1 but for the last bit
	}
	return strconv.AppendFloat(dst, v, 'g', digits, 64)
}

func appendKnown(dst []byte, v float64, known bool) []byte {
	if !known || math.IsNaN(v) || math.IsInf(v, 0) {
		return append(dst, "null"...)
	}
	return appendNumber(dst, v)
}
