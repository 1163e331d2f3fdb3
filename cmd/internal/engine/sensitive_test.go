package engine

import (
	"testing"
	"time"

	"rampart/analysis"
	"rampart/cmd/internal/engine/logbook"
	"rampart/sources"
)

// leaking is a block in which the candidate wrote so many lines with sensitive text.
func leaking(i int, legacy, candidate, lines int64) logbook.SensitiveBlock {
	return logbook.SensitiveBlock{
		End:      time.Unix(1_800_000_000, 0).Add(time.Duration(i) * step),
		Requests: sources.ByArm[int64]{Legacy: legacy, Candidate: candidate}, Lines: sources.ByArm[int64]{Candidate: lines},
	}
}

func cards() *book {
	m := Measure{Measure: analysis.Measure{Name: "cards", Kind: analysis.Sensitive, Judge: analysis.GuardIt}, Logs: true}
	return newBook(Service{Step: step, Alpha: .05, Measures: []Measure{m}}, nil)
}

func TestSensitive_ABacklogIsNotPooledOverTheRamp(t *testing.T) {
	b := cards()
	b.wrote([]logbook.SensitiveBlock{leaking(-1, 1000, 0, 0)})
	for i := range 20 {
		b.wrote([]logbook.SensitiveBlock{leaking(i, 950, 50, 1)})
	}
	for i := range 20 {
		b.wrote([]logbook.SensitiveBlock{leaking(20+i, 500, 500, 1)})
	}
	var got []sources.Counts
	for i := range 4 {
		end := time.Unix(1_800_000_000, 0).Add(time.Duration(100+i) * step)
		byEnd := map[time.Time]map[string]sources.Block{}
		b.addSensitive(end, byEnd)
		if blk, ok := byEnd[end]["cards"]; ok {
			got = append(got, *blk.Sum(sources.Candidate))
		}
	}
	if len(got) != 2 || got[0].Requests != 20*50 || got[1].Requests != 20*500 || got[0].Errors != 20 {
		t.Errorf("5 %% and 50 %% are two comparisons: %+v", got)
	}
	if n := b.hist["cards"].blocks.len(); n != 40 {
		t.Errorf("the chart has %d of 40 blocks", n)
	}
}

func TestSensitive_SlowRampsAreCutWhereTheShareHasMoved(t *testing.T) {
	var lines []logbook.SensitiveBlock
	for i := range int64(40) {
		lines = append(lines, leaking(int(i), 1000-10*i, 10*i, 0))
	}
	for len(lines) > 0 {
		n := alike(lines)
		first, last := lines[0].Requests.Candidate, lines[n-1].Requests.Candidate
		if n == 0 || last-first > 80 {
			t.Fatalf("%d blocks from %d to %d of 1000 requests were pooled", n, first, last)
		}
		lines = lines[n:]
	}
}

func TestSensitive_MoreLinesThanRequestsCountEachRequestOnce(t *testing.T) {
	c := countsOf(leaking(0, 100, 5, 30))
	if c.Candidate.Errors != 5 || c.Legacy.Errors != 0 {
		t.Errorf("%+v", *c.Candidate)
	}
}

func TestSensitive_LinesOfAnOldRolloutAreNoEvidenceInTheNext(t *testing.T) {
	b := cards()
	b.lines = append(b.lines, leaking(0, 950, 50, 9))
	b.begin(analysis.Rollout{ID: "next"}, true)
	if len(b.lines) != 0 {
		t.Errorf("%d blocks were kept", len(b.lines))
	}
}
