package score

import (
	"strconv"

	"rampart/analysis"
	"rampart/analysis/dossier"
)

// Summary is a rollout in one line. Numbers of blocks count from 1; 0 is never.
type Summary struct {
	ID     string
	Blocks int
	Worse  int // the first block called worse
	Auto   int // the first at which automatic rollback would fire
	Safe   int // the first at which SAFE holds, also where WORSE, which beats it, was called before
	Red    int // the first with a red gauge
	Call   analysis.Call
}

// Summary sums up what was judged so far. Its call is the newest block's, except that WORSE is not taken back: a rollout
// that was rolled back and so ends without candidate traffic was still worse.
func (j *Judge) Summary() Summary {
	s := Summary{ID: j.header.ID, Blocks: j.blocks, Worse: j.firsts.worse, Auto: j.firsts.auto, Safe: j.firsts.safe, Red: j.firsts.red, Call: j.call}
	if j.worse {
		s.Call = analysis.Worse
	}
	return s
}

// Append appends the summary's line of -o summary.
func (s Summary) Append(dst []byte) []byte {
	dst = dossier.AppendString(append(dst, `{"id":`...), s.ID)
	dst = strconv.AppendInt(append(dst, `,"blocks":`...), int64(s.Blocks), 10)
	for _, f := range [...]struct {
		name  string
		block int
	}{{"first_worse", s.Worse}, {"first_auto", s.Auto}, {"first_safe", s.Safe}, {"first_red", s.Red}} {
		dst = append(append(append(dst, `,"`...), f.name...), `":`...)
		if f.block == 0 {
			dst = append(dst, "null"...)
			continue
		}
		dst = strconv.AppendInt(dst, int64(f.block), 10)
	}
	return append(appendCall(append(dst, `,"call":`...), s.Call), "}\n"...)
}
