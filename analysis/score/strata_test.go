package score

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

// route is one stratum of errors.
func route(nA, xA, nB, xB int) string {
	return fmt.Sprintf(`{"legacy":%s,"candidate":%s}`, arm(nA, xA), arm(nB, xB))
}

// traffic is a block in which the candidate gets three times the part of a bad route; no route is worse in it.
func traffic(n int, strata bool) string {
	a, b := [4]int{600, 2, 40, 0}, [4]int{60, 6, 24, 2 + n%2} // 0.3 % and 10 %
	line := block(n, "0.1", arm(a[0]+b[0], a[1]+b[1]), arm(a[2]+b[2], a[3]+b[3]))
	if !strata {
		return line
	}
	return strings.TrimSuffix(line, "}") + `,"strata":{"/item":` + route(a[0], a[1], a[2], a[3]) + `,"/rank":` + route(b[0], b[1], b[2], b[3]) + `}}`
}

func TestStrata_TellTheModelFromTheTraffic(t *testing.T) {
	var whole, split []string
	for n := 1; n <= 60; n++ {
		whole, split = append(whole, traffic(n, false)), append(split, traffic(n, true))
	}
	heap := linesOf(t, append([]string{plain}, whole...)...)
	if last := heap[len(heap)-1]; last.Call != "worse" {
		t.Errorf("as one heap the candidate is %s", last.Call)
	}
	routes := linesOf(t, append([]string{plain}, split...)...)
	if last := routes[len(routes)-1]; last.Call == "worse" || last.LogE.Harm > 1 {
		t.Errorf("by route it is %s, evidence %v", last.Call, last.LogE.Harm)
	}
}

func TestStrata_OneStratumIsTheSameAsNone(t *testing.T) {
	var whole, split []string
	for n := 1; n <= 40; n++ {
		line := block(n, "0.1", arm(600, 3), arm(60, n%3))
		whole = append(whole, line)
		split = append(split, strings.TrimSuffix(line, "}")+`,"strata":{"":`+route(600, 3, 60, n%3)+`}}`)
	}
	a, _, errA := judge(t, JSONLines, Options{}, append([]string{plain}, whole...)...)
	b, _, errB := judge(t, JSONLines, Options{}, append([]string{plain}, split...)...)
	if errA != nil || errB != nil || a != b {
		t.Errorf("%v %v\n%s\n%s", errA, errB, a[:min(300, len(a))], b[:min(300, len(b))])
	}
}

func TestStrata_SplitLatencyToo(t *testing.T) {
	h, err := dossier.ParseHeader([]byte(`{"kind":"dossier","version":1,"id":"r","measures":[{"name":"latency","kind":"latency","edges":[0.1,0.5]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	run := func(split bool) float64 {
		j, err := New(*h, Options{Audit: true})
		if err != nil {
			t.Fatal(err)
		}
		for n := 1; n <= 80; n++ {
			b := h.NewBlock()
			b.End = start().Add(time.Duration(n) * 15 * time.Second)
			// The candidate gets a larger part of the slow route.
			for k, c := range []struct{ legacy, candidate []int64 }{{[]int64{480, 108, 12}, []int64{16, 4, 0}}, {[]int64{6, 24, 30}, []int64{2, 8, 10}}} {
				if split {
					s := h.AddStratum(b, fmt.Sprint(k))
					add(&s.Legacy, c.legacy)
					add(&s.Candidate, c.candidate)
				}
				add(&b.Legacy, c.legacy)
				add(&b.Candidate, c.candidate)
			}
			if err := j.Add(b); err != nil {
				t.Fatal(err)
			}
		}
		return j.LogHarm()
	}
	if whole, split := run(false), run(true); whole < math.Log(20) || split > 0.5 {
		t.Errorf("evidence %v as one heap, %v by route", whole, split)
	}
}

func add(a *dossier.Arm, cells []int64) {
	a.Scraped = true
	c := &a.Counts[0]
	c.Known = true
	for k, n := range cells {
		c.Cells[k] += n
		c.Requests += n
	}
}

func TestStrata_JudgingThemAllocatesNothing(t *testing.T) {
	h, err := dossier.ParseHeader([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(*h, Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := h.NewBlock()
	b.End = start()
	for _, k := range []string{"/item", "/rank"} {
		s := h.AddStratum(b, k)
		for _, a := range []*dossier.Arm{&s.Legacy, &s.Candidate} {
			a.Scraped, a.Counts[0] = true, dossier.Counts{Known: true, Requests: 10, Errors: 1}
		}
	}
	for _, a := range []*dossier.Arm{&b.Legacy, &b.Candidate} {
		a.Scraped, a.Counts[0] = true, dossier.Counts{Known: true, Requests: 20, Errors: 2}
	}
	if n := testing.AllocsPerRun(500, func() {
		b.End = b.End.Add(15 * time.Second)
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations per block", n)
	}
}

func TestRoutes_NameTheOneThatIsWorse(t *testing.T) {
	h, err := dossier.ParseHeader([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	j, err := New(*h, Options{Audit: true})
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 60; n++ {
		b := h.NewBlock()
		b.End = start().Add(time.Duration(n) * 15 * time.Second)
		for _, r := range []struct {
			key    string
			xA, xB int64
		}{{"/checkout", 2, 3}, {"/item", 2, int64(n % 2)}} {
			s := h.AddStratum(b, r.key)
			s.Legacy.Scraped, s.Legacy.Counts[0] = true, dossier.Counts{Known: true, Requests: 400, Errors: r.xA}
			s.Candidate.Scraped, s.Candidate.Counts[0] = true, dossier.Counts{Known: true, Requests: 100, Errors: r.xB}
		}
		b.Legacy.Scraped, b.Legacy.Counts[0] = true, dossier.Counts{Known: true, Requests: 800, Errors: 4}
		b.Candidate.Scraped, b.Candidate.Counts[0] = true, dossier.Counts{Known: true, Requests: 200, Errors: 3 + int64(n%2)}
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	routes := j.Measures()[0].Routes()
	// 180 errors where legacy's rate gives 30; 30 where it gives 30.
	if len(routes) != 2 || routes[0].Key != "/checkout" || math.Abs(routes[0].Ratio-6) > 1e-9 || math.Abs(routes[0].Excess-150) > 1e-6 || routes[0].LogHarm < 100 || routes[1].LogHarm > 0 {
		t.Errorf("%+v", routes)
	}
}
