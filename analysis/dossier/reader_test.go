package dossier

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

const (
	twoMeasures = `{"kind":"dossier","version":1,"id":"r-17","alpha":0.05,"harm_margin":0,"safe_margin":0.5,"step_seconds":15,` +
		`"measures":[{"name":"errors","kind":"errors","weight":0.5},{"name":"latency","kind":"latency","edges":[0.005,0.01,0.025],"weight":0.5}]}`
	oneBlock = `{"kind":"block","t":"2026-01-05T14:00:15Z","share":0.05,"legacy":{"requests":7430,"errors":70,"latency":[120,300,2100,4910]},` +
		`"candidate":{"requests":70,"errors":1,"latency":[1,3,20,46]}}`
	plain = `{"kind":"dossier","version":1,"id":"r"}`
)

// block is a line for the plain header.
func block(t, legacy, candidate string) string {
	return `{"kind":"block","t":"` + t + `","share":0.5,"legacy":` + legacy + `,"candidate":` + candidate + `}`
}

// all reads a stream to its end: the lines and the errors.
func all(t *testing.T, stream string) (kinds []string, faults []string) {
	t.Helper()
	r := NewReader("d.jsonl", strings.NewReader(stream))
	var line Line
	for {
		err := r.Next(&line)
		var e *Error
		switch {
		case errors.Is(err, io.EOF):
			return kinds, faults
		case errors.As(err, &e):
			faults = append(faults, e.Error())
		case err != nil:
			t.Fatal(err)
		default:
			kinds = append(kinds, line.Kind)
		}
	}
}

func TestReader_ReadsTheFormatAsDocumented(t *testing.T) {
	r := NewReader("d.jsonl", strings.NewReader(twoMeasures+"\n"+oneBlock+"\n"))
	var line Line
	if err := r.Next(&line); err != nil {
		t.Fatal(err)
	}
	h := line.Header
	if h.ID != "r-17" || h.Alpha != .05 || h.SafeMargin != .5 || h.Step != 15*time.Second || len(h.Measures) != 2 || h.Measures[1].Edges[2] != .025 {
		t.Errorf("header %+v", h)
	}
	if err := r.Next(&line); err != nil {
		t.Fatal(err)
	}
	b := line.Block
	if !b.End.Equal(time.Date(2026, 1, 5, 14, 0, 15, 0, time.UTC)) || !b.ShareKnown || b.Share != .05 {
		t.Errorf("block %+v", b)
	}
	if c := b.Legacy.Counts[0]; !c.Known || c.Requests != 7430 || c.Errors != 70 {
		t.Errorf("legacy errors %+v", c)
	}
	if c := b.Candidate.Counts[1]; !c.Known || c.Requests != 70 || c.Cells[3] != 46 {
		t.Errorf("candidate latency %+v", c)
	}
}

func TestReader_FillsInWhatAHeaderLeavesOut(t *testing.T) {
	h, err := ParseHeader([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	if h.Alpha != .05 || h.SafeMargin != .5 || h.HarmMargin != 0 || h.Step != 15*time.Second {
		t.Errorf("defaults %+v", h)
	}
	if len(h.Measures) != 1 || h.Measures[0].Kind != Errors || h.Measures[0].Weight != 1 || h.Measures[0].Name != "errors" {
		t.Errorf("measures %+v", h.Measures)
	}
	h, err = ParseHeader([]byte(`{"kind":"dossier","version":1,"id":"r","harm_margin":0.1,"measures":[{"name":"a","kind":"errors"},{"name":"b","kind":"errors","harm_margin":0.3}]}`))
	if err != nil || h.Measures[0].Weight != .5 || h.Measures[0].HarmMargin != .1 || h.Measures[1].HarmMargin != .3 {
		t.Errorf("measures %+v, %v", h, err)
	}
}

func TestReader_NamesFileLineAndFieldOfEveryMistake(t *testing.T) {
	const t1, ok = "2026-01-05T14:00:15Z", `{"requests":10,"errors":1}`
	later := block("2026-01-05T14:00:30Z", ok, ok)
	for _, c := range []struct{ name, stream, want string }{
		{"negative", plain + "\n" + block(t1, `{"requests":10,"errors":-1}`, ok), "d.jsonl:2: legacy.errors: -1 is negative"},
		{"fractional", plain + "\n" + block(t1, ok, `{"requests":10.5,"errors":1}`), "d.jsonl:2: candidate.requests: 10.5 is not a whole number"},
		{"not a number", plain + "\n" + block(t1, ok, `{"requests":NaN,"errors":1}`), "d.jsonl:2: candidate.requests: invalid character 'N'"},
		{"text", plain + "\n" + block(t1, ok, `{"requests":"10","errors":1}`), `candidate.requests: "10" is not a number`},
		{"too large", plain + "\n" + block(t1, ok, `{"requests":1e18,"errors":1}`), "candidate.requests: 1e18 is too large"},
		{"beyond floats", plain + "\n" + block(t1, ok, `{"requests":1e999,"errors":1}`), "candidate.requests: 1e999 is out of range"},
		{"more errors than requests", plain + "\n" + block(t1, `{"requests":10,"errors":11}`, ok), "d.jsonl:2: legacy.errors: 11 of 10 requests"},
		{"field twice", plain + "\n" + block(t1, `{"requests":10,"requests":9,"errors":1}`, ok), "legacy.requests: stands twice"},
		{"unknown field", plain + "\n" + block(t1, `{"requests":10,"errors":1,"timeouts":2}`, ok), "legacy.timeouts: no such field"},
		{"missing count", plain + "\n" + block(t1, `{"requests":10}`, ok), "legacy.errors: missing"},
		{"missing arm", plain + "\n" + `{"kind":"block","t":"2026-01-05T14:00:15Z","legacy":null}`, "candidate: missing"},
		{"missing time", plain + "\n" + `{"kind":"block","legacy":null,"candidate":null}`, "d.jsonl:2: t: missing"},
		{"no time", plain + "\n" + block("yesterday", ok, ok), `t: "yesterday" is not a time`},
		{"31 April", plain + "\n" + block("2026-04-31T14:00:15Z", ok, ok), `"2026-04-31T14:00:15Z" is not a time`},
		{"backwards", plain + "\n" + later + "\n" + block(t1, ok, ok), "d.jsonl:3: t: 2026-01-05T14:00:15Z is not after the block before, 2026-01-05T14:00:30Z"},
		{"standing still", plain + "\n" + later + "\n" + later, "d.jsonl:3: t:"},
		{"share", plain + "\n" + strings.Replace(later, "0.5", "1.5", 1), "share: 1.5 is not from 0 to 1"},
		{"cells", twoMeasures + "\n" + strings.Replace(oneBlock, "4910", "4911", 1), "legacy.latency: the cells do not add up to 7430 requests"},
		{"cells missing some", twoMeasures + "\n" + strings.Replace(oneBlock, "4910", "4909", 1), "legacy.latency: the cells leave out 1 of 7430 requests"},
		{"edges differ between arms", twoMeasures + "\n" + strings.Replace(oneBlock, "[1,3,20,46]", "[1,3,66]", 1), "candidate.latency: 3 cells for 3 edges: want one more"},
		{"negative cell", twoMeasures + "\n" + strings.Replace(oneBlock, "[1,3,20,46]", "[-1,5,20,46]", 1), "candidate.latency[0]: -1 is negative"},
		{"torn", plain + "\n" + later + "\n" + later[:80], "d.jsonl:3: legacy: the line is torn"},
		{"empty", "", "d.jsonl:1: empty: no dossier"},
		{"blank", " \n\n", "empty: no dossier"},
		{"no header", later, "d.jsonl:1: kind: a block before any header"},
		{"no kind", plain + "\n{}", "d.jsonl:2: kind: missing"},
		{"unknown kind", plain + "\n" + `{"kind":"blok"}`, `kind: "blok": want dossier, block, look, action or note`},
		{"no JSON", plain + "\nhello", "d.jsonl:2: invalid character 'h'"},
		{"a list", plain + "\n[1]", "d.jsonl:2: want an object"},
		{"control characters", plain + "\n" + `{"kind":"bl\u001b[2Jk"}`, `bl\x1b[2Jk`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults := all(t, c.stream)
			if len(faults) != 1 || !strings.Contains(faults[0], c.want) {
				t.Errorf("faults %q, want one with %q", faults, c.want)
			}
		})
	}
}

func TestReader_RefusesHeadersThatCannotBeJudgedBy(t *testing.T) {
	with := func(fields string) string { return `{"kind":"dossier","version":1,"id":"r",` + fields + `}` }
	measures := func(list string) string { return with(`"measures":[` + list + `]`) }
	for _, c := range []struct{ line, want string }{
		{with(`"alpha":0`), "alpha: 0 is not between 0 and 1"},
		{with(`"alpha":1`), "alpha: 1 is not"},
		{with(`"alpha":-0.05`), "alpha: -0.05 is not between 0 and 1"},
		{with(`"alpha":1.5`), "alpha: 1.5 is not between 0 and 1"},
		{with(`"alpha":NaN`), "alpha: invalid character 'N'"},
		{with(`"alpha":"x"`), `alpha: "x" is not a number`},
		{with(`"alhpa":0.1`), "alhpa: no such field"},
		{with(`"harm_margin":-0.1`), "harm_margin: -0.1: want 0 or more"},
		{with(`"safe_margin":1e9`), "safe_margin: 1e+09"},
		{with(`"step_seconds":0`), "step_seconds: 0: want more than 0"},
		{with(`"measures":[]`), "measures: empty"},
		{with(`"measures":{}`), "measures: want a list"},
		{`{"kind":"dossier","version":2,"id":"r"}`, "version: 2: this program reads version 1"},
		{`{"kind":"dossier","version":1}`, "id: missing"},
		{`{"kind":"dossier","version":1,"id":7}`, "id: 7 is not a text"},
		{measures(`{"name":"e","kind":"errors","weight":0.4},{"name":"f","kind":"errors","weight":0.5}`), "measures: weights add up to 0.9: want 1"},
		{measures(`{"name":"e","kind":"errors","weight":0.5},{"name":"f","kind":"errors","weight":0.50000001}`), "measures: weights add up to 1.00000001: want 1"},
		{measures(`{"name":"e","kind":"errors","weight":1e400}`), "measures[0].weight: 1e400 is out of range"},
		{measures(`{"name":"e","kind":"errors","weight":-1}`), "measures[0].weight: -1 is negative"},
		{measures(`{"name":"e","kind":"score"}`), "measures[0].kind: want errors or latency"},
		{measures(`{"kind":"errors"}`), "measures[0].name: missing"},
		{measures(`{"name":"e","kind":"errors"},{"name":"e","kind":"errors"}`), `measures[1].name: "e" stands twice`},
		{measures(`{"name":"e","kind":"errors"},{"name":"requests","kind":"errors"}`), `"requests" is a field of every arm`},
		{measures(`{"name":"e","kind":"errors","edges":[1]}`), "measures[0].edges: errors have none"},
		{measures(`{"name":"l","kind":"latency"}`), "measures[0].edges: missing"},
		{measures(`{"name":"l","kind":"latency","edges":[0.2,0.1]}`), "measures[0].edges[1]: 0.1: want ascending"},
		{measures(`{"name":"l","kind":"latency","edges":[0.2,0.2]}`), "measures[0].edges[1]"},
		{measures(`{"name":"l","kind":"latency","edges":["x"]}`), `measures[0].edges[0]: "x" is not a number`},
		{measures(`{"name":"l","kind":"errors","wieght":1}`), "measures[0].wieght: no such field"},
	} {
		_, faults := all(t, c.line+"\n")
		if len(faults) != 1 || !strings.Contains(faults[0], c.want) {
			t.Errorf("%s\nfaults %q, want one with %q", c.line, faults, c.want)
		}
	}
}

func TestReader_GoesOnAtTheNextHeaderAfterABrokenDossier(t *testing.T) {
	ok := block("2026-01-05T14:00:15Z", "null", "null")
	kinds, faults := all(t, strings.Join([]string{plain, ok, "rubbish", ok, "rubbish", plain, ok, `{"kind":"note","text":"x"}`}, "\n"))
	if got := strings.Join(kinds, " "); got != "dossier block dossier block note" {
		t.Errorf("kinds %s", got)
	}
	if len(faults) != 1 {
		t.Errorf("faults %q, want one for the broken dossier", faults)
	}
}

func TestReader_TakesALastLineWithoutItsEnd(t *testing.T) {
	kinds, faults := all(t, plain+"\n"+block("2026-01-05T14:00:15Z", "null", "null"))
	if len(kinds) != 2 || faults != nil {
		t.Errorf("kinds %v, faults %v", kinds, faults)
	}
}

func TestReader_TakesOddButValidShapes(t *testing.T) {
	for _, line := range []string{
		`{"t":"2026-01-05T15:00:15+01:00","kind":"block","candidate":{"errors":1.0,"requests":7e1},"legacy":{"requests":7430.0,"errors":70}}`,
		"{ \"kind\" : \"block\" ,\t\"t\":\"2026-01-05T14:00:15.000Z\" , \"legacy\" : { \"errors\" : 70 , \"requests\" : 7430 } , \"candidate\":{\"requests\":70,\"errors\":1} , \"share\":null }",
		`{"kind":"bl\u006fck","t":"2026-01-05T14:00:15Z","share":5e-2,"legacy":{"requests":7430,"errors":70},"candidate":{"requests":70,"errors":1}}`,
	} {
		r := NewReader("d", strings.NewReader(plain+"\r\n"+line+"\r\n"))
		var l Line
		if err := r.Next(&l); err != nil {
			t.Fatal(err)
		}
		if err := r.Next(&l); err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		a, b := l.Block.Legacy.Counts[0], l.Block.Candidate.Counts[0]
		if a.Requests != 7430 || a.Errors != 70 || b.Requests != 70 || b.Errors != 1 || l.Block.End.Hour() != 14 {
			t.Errorf("%s: read as %+v", line, l.Block)
		}
	}
}

func TestReader_BoundsALine(t *testing.T) {
	long := `{"kind":"note","text":"` + strings.Repeat("x", maxLine) + `"}`
	kinds, faults := all(t, plain+"\n"+long+"\n"+plain+"\n")
	if len(kinds) != 2 || len(faults) != 1 || !strings.Contains(faults[0], "longer than") {
		t.Errorf("kinds %v, faults %.200q", kinds, faults)
	}
	fits := `{"kind":"note","text":"` + strings.Repeat("x", maxLine/2) + `"}`
	if kinds, faults = all(t, plain+"\n"+fits+"\n"+plain); len(kinds) != 3 || faults != nil {
		t.Errorf("kinds %v, faults %.200q", kinds, faults)
	}
}
