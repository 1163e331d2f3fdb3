package score

import (
	"bytes"
	"encoding/json"
	"time"

	"pgregory.net/rapid"

	"rampart/analysis/dossier"
)

// Rollouts are drawn: any header, and blocks with arms that are missing or idle, shares unknown, bursts, and pauses that
// jump over restarts.

// anyHeader draws one to four measures with weights and margins of their own; harm is the greatest margin for WORSE.
func anyHeader(t *rapid.T, kinds []dossier.Kind, harm float64) dossier.Header {
	h := dossier.Header{ID: "drawn", Alpha: rapid.Float64Range(.001, .5).Draw(t, "alpha"), SafeMargin: .5, Step: 15 * time.Second}
	weights := 0.0
	for _, name := range []string{"a", "b", "c", "d"}[:rapid.IntRange(1, 4).Draw(t, "measures")] {
		m := dossier.Measure{
			Name: name, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Weight: float64(rapid.IntRange(1, 4).Draw(t, "weight")),
			HarmMargin: rapid.Float64Range(0, harm).Draw(t, "harm margin"), SafeMargin: rapid.Float64Range(0, 2).Draw(t, "safe margin"),
		}
		if m.Kind == dossier.Latency {
			m.Edges = [][]float64{{.25}, {.1, .2, .4}}[rapid.IntRange(0, 1).Draw(t, "edges")]
		}
		weights += m.Weight
		h.Measures = append(h.Measures, m)
	}
	for i := range h.Measures {
		h.Measures[i].Weight /= weights
	}
	return h
}

// anyBlocks draws up to 40 blocks that the header allows; whole says by what every count can be divided.
func anyBlocks(t *rapid.T, h *dossier.Header, whole int64) []*dossier.Block {
	scale := rapid.SampledFrom([]int64{3, 60, 900}).Draw(t, "scale")
	bad := rapid.Int64Range(0, 100).Draw(t, "bad")
	end := start()
	var out []*dossier.Block
	for range rapid.IntRange(1, 40).Draw(t, "blocks") {
		b := h.NewBlock()
		end = end.Add(time.Duration(rapid.SampledFrom([]int{1, 1, 1, 1, 1, 2, 40}).Draw(t, "steps")) * h.Step)
		b.End = end
		if b.ShareKnown = rapid.IntRange(0, 3).Draw(t, "share known") > 0; b.ShareKnown {
			b.Share = float64(rapid.IntRange(0, 20).Draw(t, "share")) / 20
		}
		burst := rapid.SampledFrom([]int64{1, 1, 1, 5}).Draw(t, "burst")
		fillArm(t, h, &b.Legacy, scale, bad, whole)
		fillArm(t, h, &b.Candidate, scale, min(100, bad*burst), whole)
		out = append(out, b)
	}
	return out
}

// fillArm draws an arm's counts, of which up to bad in a hundred are errors, or slow.
func fillArm(t *rapid.T, h *dossier.Header, a *dossier.Arm, scale, bad, whole int64) {
	if a.Scraped = rapid.IntRange(0, 9).Draw(t, "scraped") > 0; !a.Scraped {
		return
	}
	requests := rapid.Int64Range(0, scale).Draw(t, "requests")
	for i := range h.Measures {
		c := &a.Counts[i]
		c.Known, c.Requests = true, requests*whole
		some := rapid.Int64Range(0, (requests*bad+99)/100).Draw(t, "some")
		if h.Measures[i].Kind == dossier.Errors {
			c.Errors = some * whole
			continue
		}
		slow := rapid.Int64Range(0, some).Draw(t, "slow")
		c.Cells[len(c.Cells)-1] += slow * whole
		c.Cells[len(c.Cells)-2] += (some - slow) * whole
		c.Cells[0] += (requests - some) * whole
	}
}

// exchanged is a block with the arms in each other's place.
func exchanged(b *dossier.Block) *dossier.Block {
	x := *b
	x.Legacy, x.Candidate, x.Share = b.Candidate, b.Legacy, 1-b.Share
	return &x
}

// partOf is an arm with every count divided by n.
func partOf(h *dossier.Header, a dossier.Arm, n int64) dossier.Arm {
	part := h.NewBlock().Legacy
	part.Scraped = a.Scraped
	for i := range a.Counts {
		part.Counts[i].Known, part.Counts[i].Requests, part.Counts[i].Errors = a.Counts[i].Known, a.Counts[i].Requests/n, a.Counts[i].Errors/n
		for k, c := range a.Counts[i].Cells {
			part.Counts[i].Cells[k] = c / n
		}
	}
	return part
}

// judged are the lines that the blocks give, and the bytes that they were read from.
func judged(t *rapid.T, h dossier.Header, o Options, blocks []*dossier.Block) ([]lineJSON, []byte) {
	o.Audit = true
	j, err := New(h, o)
	if err != nil {
		t.Fatal(err)
	}
	var lines []lineJSON
	var text []byte
	for _, b := range blocks {
		if err := j.Add(b); err != nil {
			t.Fatal(err)
		}
		line := j.AppendLine(nil)
		text = append(text, line...)
		var p lineJSON
		dec := json.NewDecoder(bytes.NewReader(line))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&p); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		lines = append(lines, p)
	}
	return lines, text
}
