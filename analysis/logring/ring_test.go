package logring

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/sources"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func ring(tb testing.TB, cfg Config) *Ring {
	tb.Helper()
	r, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func line(second int, text string) Line {
	return Line{At: noon.Add(time.Duration(second) * time.Second), Arm: sources.Candidate, Level: sources.LevelInfo, Text: []byte(text)}
}

func texts(p Page) (out []string) {
	for _, l := range p.Lines {
		out = append(out, string(l.Text))
	}
	return out
}

func TestRing_PutsLateLinesWhereTheirTimeSays(t *testing.T) {
	r := ring(t, Config{})
	for _, l := range []Line{line(1, "one"), line(3, "three"), line(3, "three again")} {
		r.Append(l)
	}
	late := line(2, "two")
	late.Late = true
	r.Append(late)
	if got, want := texts(r.Older(Query{Limit: 9})), []string{"three again", "three", "two", "one"}; !slices.Equal(got, want) {
		t.Errorf("newest first: %q, want %q", got, want)
	}
	page := r.Newer(Query{Limit: 9})
	if got, want := texts(page), []string{"one", "two", "three", "three again"}; !slices.Equal(got, want) || !page.Lines[1].Late {
		t.Errorf("oldest first: %q, want %q with the late one marked", got, want)
	}
	if c := r.Counts(); c.Late.Candidate != 1 || c.Held != 4 || !c.Oldest.Equal(noon.Add(time.Second)) || !c.Newest.Equal(noon.Add(3*time.Second)) {
		t.Errorf("%+v", c)
	}
}

func TestRing_PagesWhileLinesComeAndGo(t *testing.T) {
	r := ring(t, Config{})
	for i := range 100 {
		r.Append(line(i, fmt.Sprint(i)))
	}
	page := r.Older(Query{Limit: 10})
	r.Append(line(200, "newer"))
	r.Append(line(95, "late"))
	r.Append(line(50, "later"))
	next := r.Older(Query{From: page.Next, Limit: 50})
	if got := texts(next); got[0] != "89" || got[39] != "later" || got[40] != "50" || next.Done {
		t.Errorf("the next page starts with %q and has %q, %q", got[0], got[39], got[40])
	}
	if got := texts(r.Newer(Query{From: page.Lines[0].Pos, Limit: 5})); !slices.Equal(got, []string{"newer"}) {
		t.Errorf("newer than the first page: %q", got)
	}
	if got := texts(r.Older(Query{From: At(noon.Add(3 * time.Second)), Limit: 2})); !slices.Equal(got, []string{"2", "1"}) {
		t.Errorf("before a time: %q", got)
	}
	if got := texts(r.Newer(Query{From: At(noon.Add(98 * time.Second)), Limit: 2})); !slices.Equal(got, []string{"98", "99"}) {
		t.Errorf("from a time on: %q", got)
	}
	if l, ok := r.Line(page.Lines[3].Pos); !ok || string(l.Text) != "96" {
		t.Errorf("by position: %q %v", l.Text, ok)
	}
	if _, ok := r.Line(Pos{At: 1, Seq: 1}); ok {
		t.Error("a line that never was is found")
	}
}

func TestRing_CountsAndSearchesInBoundedSteps(t *testing.T) {
	r := ring(t, Config{})
	for i := range 1000 {
		text := "fine"
		if i%100 == 7 {
			text = "odd"
		}
		r.Append(line(i, text))
	}
	odd := func(l *Line) bool { return string(l.Text) == "odd" }
	matches, steps := 0, 0
	for q := (Query{Keep: odd, Scan: 64}); ; steps++ {
		p := r.Older(q)
		if p.Scanned > 64 || len(p.Lines) != 0 {
			t.Fatalf("a step of 64 scanned %d lines and returned %d", p.Scanned, len(p.Lines))
		}
		matches += p.Matches
		if p.Done {
			break
		}
		q.From = p.Next
	}
	if matches != 10 || steps != 15 {
		t.Errorf("%d matches in %d steps", matches, steps)
	}
	next := r.Newer(Query{Keep: odd, From: At(noon.Add(408 * time.Second)), Limit: 1})
	if len(next.Lines) != 1 || !next.Lines[0].Line.At.Equal(noon.Add(507*time.Second)) {
		t.Errorf("the next match is %+v", next.Lines)
	}
	if p := ring(t, Config{}).Older(Query{Limit: 1}); !p.Done || p.Matches != 0 {
		t.Errorf("an empty ring: %+v", p)
	}
}

func TestRing_CutsLinesThatAreTooLong(t *testing.T) {
	r := ring(t, Config{Bytes: 1 << 20, MaxLine: 1024})
	p := r.Append(Line{At: noon, Text: bytes.Repeat([]byte("x"), 10<<20), Doc: []byte("{}")})
	l, ok := r.Line(p)
	if !ok || len(l.Text) != 1024 || len(l.Doc) != 0 || !l.Cut || r.Counts().Cut != 1 {
		t.Errorf("%d bytes of text, %d of document, cut %v", len(l.Text), len(l.Doc), l.Cut)
	}
	p = r.Append(Line{At: noon, Text: []byte("short"), Doc: bytes.Repeat([]byte("x"), 1024)})
	if l, _ := r.Line(p); string(l.Text) != "short" || !l.Cut {
		t.Errorf("the text goes before the document: %q", l.Text)
	}
}

func TestRing_TakesTimesOfAnyYear(t *testing.T) {
	r := ring(t, Config{})
	for _, at := range []time.Time{{}, noon, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(-5, 0)} {
		r.Append(Line{At: at, Text: []byte(fmt.Sprint(at.Year()))})
	}
	if got, want := texts(r.Newer(Query{Limit: 9})), []string{"1", "1969", "2026", "9999"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRing_HoldsTheLastLinesInOrder compares a ring with a plain sorted slice of what came last.
func TestRing_HoldsTheLastLinesInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, err := New(Config{Bytes: leastBytes, MaxLine: 64 << 10})
		if err != nil {
			t.Fatal(err)
		}
		seed := rapid.Uint64().Draw(t, "seed")
		most := rapid.SampledFrom([]int{8, 200, 4000, 60_000}).Draw(t, "bytes")
		spread := rapid.SampledFrom([]int{1, 50, 100_000}).Draw(t, "spread")
		n := rapid.IntRange(1, 6_000_000/(most+600)).Draw(t, "lines")
		rng := rand.New(rand.NewPCG(seed, 1))
		var came []Held
		for i := range n {
			l := line(i-rng.IntN(spread), strings.Repeat(string(rune('a'+i%26)), rng.IntN(most)))
			l.ID, l.Template, l.Doc = uint64(i), uint64(i%7), []byte(fmt.Sprint(i))
			came = append(came, Held{r.Append(l), l})
		}
		evicted := r.Counts().Evicted.Candidate
		if int(evicted)+r.Len() != n || r.Len() == 0 {
			t.Fatalf("%d evicted and %d held of %d", evicted, r.Len(), n)
		}
		if got := len(r.arena.bytes) + (len(r.index.blocks)+1)*blockBytes; got > leastBytes {
			t.Fatalf("%d bytes in all, want at most %d", got, leastBytes)
		}
		held := came[evicted:]
		slices.SortFunc(held, func(a, b Held) int { return a.Compare(b.Pos) })
		for i, l := range r.Newer(Query{Limit: n}).Lines {
			w := held[i]
			if l.Pos != w.Pos || l.ID != w.ID || l.Template != w.Template || string(l.Text) != string(w.Text) || string(l.Doc) != string(w.Doc) || !l.Line.At.Equal(w.Line.At) {
				t.Fatalf("line %d is %v %d, want %v %d", i, l.Pos, l.ID, w.Pos, w.ID)
			}
		}
		older := r.Older(Query{Limit: n})
		if len(older.Lines) != len(held) || older.Lines[0].Pos != held[len(held)-1].Pos {
			t.Fatalf("%d lines from the newest, want %d", len(older.Lines), len(held))
		}
	})
}

func TestConfig_TellsWhatIsOutOfRange(t *testing.T) {
	for _, cfg := range []Config{{Bytes: 1}, {Bytes: 2 << 30}, {MaxLine: 1}, {Bytes: 1 << 20, MaxLine: 1 << 19}} {
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), "want") {
			t.Errorf("%+v gives %v", cfg, err)
		}
	}
}
