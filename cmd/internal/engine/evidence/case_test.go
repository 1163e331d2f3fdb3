package evidence

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

func TestCase_WritesMarginsToTheDecimalsOfTheirRatio(t *testing.T) {
	for cents := 100; cents <= 500; cents++ {
		ratio, err := strconv.ParseFloat(fmt.Sprintf("%d.%02d", cents/100, cents%100), 64)
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.ParseFloat(fmt.Sprintf("%d.%02d", cents/100-1, cents%100), 64)
		if err != nil {
			t.Fatal(err)
		}
		cfg := ranker()
		cfg.Guards[0].MaxRatio = ratio
		var header dossier.Header
		ev := New(cfg, func(h dossier.Header, _ *dossier.Block) { header = h })
		told(ev, 1, 50_000, counts(100, 1), counts(10, 1))
		if len(header.Measures) == 0 || header.Measures[0].HarmMargin != want {
			t.Fatalf("max_ratio %v: margin %+v, want %v", ratio, header.Measures, want)
		}
	}
}

func TestCase_RecordsWhatItJudged(t *testing.T) {
	var ends []time.Time
	ev := New(ranker(), func(_ dossier.Header, b *dossier.Block) { ends = append(ends, b.End) })
	told(ev, 5, 50_000, counts(100, 1), counts(10, 1))
	if len(ends) != 5 || ev.Blocks() != 5 || !ends[4].Equal(ev.Last()) || !ends[0].Equal(ev.First()) {
		t.Errorf("recorded %v of %d blocks", ends, ev.Blocks())
	}
}
