package score

import (
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"rampart/analysis/dossier"
)

// endless is a stream of dossiers of some blocks each, written while it is read.
type endless struct {
	header dossier.Header
	block  *dossier.Block
	blocks int   // of each dossier
	left   int64 // bytes still to give, but for the rest of a line
	n      int
	text   []byte
	from   int
}

func newEndless(t *testing.T, blocks int, size int64) *endless {
	t.Helper()
	h, err := dossier.ParseHeader([]byte(plain))
	if err != nil {
		t.Fatal(err)
	}
	e := &endless{header: *h, block: h.NewBlock(), blocks: blocks, left: size}
	b := e.block
	b.Share, b.ShareKnown, b.End = .05, true, start()
	b.Legacy.Scraped, b.Candidate.Scraped = true, true
	b.Legacy.Counts[0] = dossier.Counts{Known: true, Requests: 712, Errors: 4}
	b.Candidate.Counts[0] = dossier.Counts{Known: true, Requests: 38}
	return e
}

func (e *endless) Read(p []byte) (int, error) {
	if e.from == len(e.text) {
		if e.left <= 0 {
			return 0, io.EOF
		}
		e.fill()
	}
	n := copy(p, e.text[e.from:])
	e.from += n
	return n, nil
}

// fill writes some hundred lines more, into the same room.
func (e *endless) fill() {
	e.text, e.from = e.text[:0], 0
	for range 400 {
		if e.n%(e.blocks+1) == 0 {
			e.text = dossier.AppendHeader(e.text, &e.header)
		} else {
			e.block.End = e.block.End.Add(15 * time.Second)
			e.block.Candidate.Counts[0].Errors = int64(e.n % 5 / 4)
			e.text = dossier.AppendBlock(e.text, &e.header, e.block)
		}
		e.n++
	}
	e.left -= int64(len(e.text))
}

func TestRun_AStreamOfAnyLengthTakesTheSameMemory(t *testing.T) {
	size := int64(40 << 20)
	if testing.Short() {
		size = 5 << 20
	}
	for _, c := range []struct {
		name   string
		blocks int
		size   int64
	}{{"one endless dossier", 1 << 40, size}, {"a dossier an hour", 240, size / 5}} {
		stream := newEndless(t, c.blocks, c.size)
		in := Input{Name: c.name, Open: func() (io.ReadCloser, error) { return io.NopCloser(stream), nil }}
		var out strings.Builder
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := Run(t.Context(), Summarized, Options{}, []Input{in}, &out, io.Discard); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		runtime.ReadMemStats(&after)
		// All that was ever allocated, freed or not: a dossier costs its judge, a block nothing.
		dossiers := int64(strings.Count(out.String(), "\n"))
		if all := int64(after.TotalAlloc - before.TotalAlloc); all > 1<<20+dossiers*(32<<10) {
			t.Errorf("%s: %d kB allocated for %d MB in %d dossiers", c.name, all>>10, c.size>>20, dossiers)
		}
		if dossiers == 0 || stream.left > 0 {
			t.Errorf("%s: %d dossiers, %d bytes left", c.name, dossiers, stream.left)
		}
	}
}
