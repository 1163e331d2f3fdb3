package dossier

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

const routesHeader = `{"kind":"dossier","version":1,"id":"r","measures":[{"name":"errors","kind":"errors"}]}`

func routesBlock(strata string) string {
	return `{"kind":"block","t":"2026-01-05T14:00:15Z","share":0.1,"legacy":{"requests":90,"errors":3},"candidate":{"requests":10,"errors":1},"strata":` + strata + `}`
}

func pair(n, x, m, y int) string {
	return fmt.Sprintf(`{"legacy":{"requests":%d,"errors":%d},"candidate":{"requests":%d,"errors":%d}}`, n, x, m, y)
}

func TestStrata_AreReadBesideTheSums(t *testing.T) {
	r := NewReader("f", strings.NewReader(routesHeader+"\n"+routesBlock(`{"/item":`+pair(60, 1, 4, 0)+`,"/rank":`+pair(30, 2, 6, 1)+`}`)+"\n"))
	var line Line
	for range 2 {
		if err := r.Next(&line); err != nil {
			t.Fatal(err)
		}
	}
	b := line.Block
	if len(b.Strata) != 2 || b.Strata[1].Key != "/rank" || b.Strata[1].Candidate.Counts[0].Errors != 1 || b.Legacy.Counts[0].Requests != 90 || !b.Split(0) {
		t.Errorf("%+v", b)
	}
}

func TestStrata_ThatContradictTheSumsAreRefused(t *testing.T) {
	many := ""
	for i := range 17 {
		many += fmt.Sprintf(`,"k%02d":%s`, i, pair(0, 0, 0, 0))
	}
	for _, c := range []struct{ strata, want string }{
		{`{"/item":` + pair(60, 1, 4, 0) + `,"/rank":` + pair(31, 2, 6, 1) + `}`, "errors of the legacy do not add up"},
		{`{"/item":` + pair(60, 1, 4, 0) + `,"/rank":` + pair(30, 2, 6, 0) + `}`, "errors of the candidate do not add up"},
		{`{"/rank":` + pair(30, 2, 6, 1) + `,"/item":` + pair(60, 1, 4, 0) + `}`, "want ascending keys"},
		{`{"/item":` + pair(60, 61, 4, 0) + `}`, "61 of 60 requests"},
		{`{"/item":{"legacy":null}}`, "want legacy and candidate"},
		{`{"/item":{"legacy":null,"candidate":null,"both":1}}`, "no such field in a stratum"},
		{`{"/item":` + pair(90, 3, 10, 1) + `,"/item":` + pair(0, 0, 0, 0) + `}`, "stands twice"},
		{`{` + many[1:] + `}`, "at most 16"},
		{`[]`, "want an object"},
	} {
		r := NewReader("f", strings.NewReader(routesHeader+"\n"+routesBlock(c.strata)+"\n"))
		var line Line
		err := errors.Join(r.Next(&line), r.Next(&line))
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "strata") {
			t.Errorf("%s: %v, want %q", c.strata, err, c.want)
		}
	}
}

func TestStrata_ReadingThemAgainAllocatesNothing(t *testing.T) {
	var text strings.Builder
	text.WriteString(routesHeader + "\n")
	block := routesBlock(`{"/item":` + pair(60, 1, 4, 0) + `,"/rank":` + pair(30, 2, 6, 1) + `}`)
	const blocks = 600
	for i := range blocks {
		stamp := fmt.Sprintf("T%02d:%02d:%02dZ", i/3600, i/60%60, i%60)
		text.WriteString(strings.Replace(block, "T14:00:15Z", stamp, 1) + "\n")
	}
	r := NewReader("f", strings.NewReader(text.String()))
	var line Line
	for range 10 {
		if err := r.Next(&line); err != nil {
			t.Fatal(err)
		}
	}
	if n := testing.AllocsPerRun(500, func() {
		if err := r.Next(&line); err != nil && !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per block", n)
	}
}

func TestSparse_KeepsTheBusiestAndSharesTheRest(t *testing.T) {
	requests := map[string]int64{}
	for i := range 40 {
		requests[fmt.Sprintf("/r%02d", i)] = int64(1000 - i)
	}
	under := Sparse(requests)
	own, seen := 0, map[string]bool{}
	for k, u := range under {
		seen[u] = true
		if k == u {
			own++
		}
	}
	if own != MostStrata-sharedStrata || len(seen) > MostStrata || under["/r00"] != "/r00" || under["/r39"] == "/r39" {
		t.Errorf("%d stand alone, %d strata: %v", own, len(seen), under)
	}
	again := Sparse(map[string]int64{"/a": 1, "/b": 2})
	if again["/a"] != "/a" || again["/b"] != "/b" {
		t.Errorf("few keys were merged: %v", again)
	}
}
