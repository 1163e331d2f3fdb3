package evidence

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/dossier"
	"rampart/sources"
)

// stratum is one route of a block.
func stratum(key string, legacy, candidate *sources.Counts) sources.Stratum {
	return sources.Stratum{Key: key, Counts: sources.ByArm[*sources.Counts]{Legacy: legacy, Candidate: candidate}}
}

// busy judges 60 blocks in which the candidate gets three times the part of a bad route.
func busy(ev *Case, strata func(item, rank sources.Stratum) []sources.Stratum) {
	end := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	for n := range 60 {
		end = end.Add(step)
		item := stratum("/item", counts(600, 2), counts(40, 0))
		rank := stratum("/rank", counts(60, 6), counts(24, int64(2+n%2)))
		ev.Add("r", end, map[string]sources.Block{"errors": {End: end, Strata: strata(item, rank)}}, 100_000, true)
	}
}

func TestEvidence_ByRouteTellsTheModelFromTheTraffic(t *testing.T) {
	var lines []string
	ev := New(ranker(), func(h dossier.Header, b *dossier.Block) {
		lines = append(lines, string(dossier.AppendBlock(nil, &h, b)))
	})
	busy(ev, func(item, rank sources.Stratum) []sources.Stratum { return []sources.Stratum{item, rank} })
	if ev.err != nil || ev.judge.Call() == analysis.Worse {
		t.Errorf("by route: %s, %v", ev.judge.Call(), ev.err)
	}
	if len(lines) != 60 || !strings.Contains(lines[0], `"strata":{"/item":{"legacy":{"requests":600,"errors":2}`) {
		t.Errorf("%d blocks recorded, the first %s", len(lines), lines[0])
	}
	var f analysis.Finding
	if ev.Fill(ranker().Measures[0], &f); len(f.Strata) != 2 || !f.Strata[1].Ratio.Known || !f.Strata[1].Excess.Known || f.Strata[0].Excess.Known {
		t.Errorf("routes by themselves: %+v", f.Strata)
	}
	p := ev.Explanation()().Newest[59].Parts[0]
	if want := 9*26.4/86.4 + 2*44./644; len(p.Strata) != 1 || p.Strata[0].Key.String() != "/rank" || math.Abs(p.Due-want) > 1e-9 {
		t.Errorf("the last block by route: %+v, due %v, want %v", p.Strata, p.Due, want)
	}
	heap := New(ranker(), nil)
	busy(heap, func(item, rank sources.Stratum) []sources.Stratum {
		item.Counts.Legacy.Add(*rank.Counts.Legacy)
		item.Counts.Candidate.Add(*rank.Counts.Candidate)
		return []sources.Stratum{item}
	})
	if heap.judge.Call() != analysis.Worse {
		t.Errorf("as one heap: %s", heap.judge.Call())
	}
}

func TestEvidence_ManyRoutesAreJudgedInSixteenStrata(t *testing.T) {
	var most int
	ev := New(ranker(), func(_ dossier.Header, b *dossier.Block) { most = max(most, len(b.Strata)) })
	end := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	for range 10 {
		end = end.Add(step)
		var strata []sources.Stratum
		for k := range 60 {
			strata = append(strata, stratum(fmt.Sprintf("/r%02d", k), counts(int64(100-k), 1), counts(5, 0)))
		}
		strata = append(strata, stratum("/odd", counts(1, 3), counts(0, 0))) // errors beyond requests
		ev.Add("r", end, map[string]sources.Block{"errors": {End: end, Strata: strata}}, 50_000, true)
	}
	if ev.err != nil || ev.blocks != 10 || most > dossier.MostStrata || most < 13 {
		t.Errorf("%d blocks, %d strata, %v", ev.blocks, most, ev.err)
	}
}

func TestEvidence_AnArmThatIsMissingIsMissingInEveryRoute(t *testing.T) {
	ev := New(ranker(), nil)
	busy(ev, func(item, rank sources.Stratum) []sources.Stratum { return []sources.Stratum{item, rank} })
	lines := ev.judge.Measures()[0].Lines()
	end := ev.last.Add(step)
	ev.Add("r", end, map[string]sources.Block{"errors": {End: end, Strata: []sources.Stratum{stratum("/item", counts(600, 2), nil), stratum("/rank", counts(60, 1), nil)}}}, 100_000, true)
	if ev.err != nil || ev.judge.Measures()[0].Lines() != lines || ev.blocks != 61 {
		t.Errorf("%v, %d lines of %d blocks", ev.err, ev.judge.Measures()[0].Lines(), ev.blocks)
	}
}
