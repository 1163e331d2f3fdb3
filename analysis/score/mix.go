package score

import (
	"math"

	"rampart/analysis/seq"
)

// mostMix is how many kinds of requests are told apart; all further ones count as one more.
const mostMix = 16

// Mix asks whether both arms get the same mix of requests: the same part of each route, or whatever splits them. Its
// evidence holds at every look and for any mix that changes in both arms alike. It knows nothing of errors and is shown
// only: sessions and retries make requests more alike than independent ones, so it may speak early.
type Mix struct {
	slot  map[string]int
	names []string
	cells *seq.Cells
	ratio [mostMix + 1]seq.MantelHaenszel
	a, b  []float64
	n     int64 // requests of the candidate
}

// NewMix starts without requests.
func NewMix() *Mix {
	return &Mix{slot: map[string]int{}, cells: seq.NewCells(mostMix+1, 0), a: make([]float64, mostMix+1), b: make([]float64, mostMix+1)}
}

// Begin starts the next block, Add adds one kind's requests to it, End takes it in.
func (m *Mix) Begin() { clear(m.a); clear(m.b) }

// Add adds requests of one kind to the block.
func (m *Mix) Add(key string, legacy, candidate int64) {
	at, known := m.slot[key]
	if !known {
		at = mostMix
		if len(m.names) < mostMix {
			at = len(m.names)
			m.names = append(m.names, key)
			m.slot[key] = at
		}
	}
	m.a[at] += float64(legacy)
	m.b[at] += float64(candidate)
	m.n += candidate
}

// End takes the block in.
func (m *Mix) End() {
	m.cells.Add(m.a, m.b, 1)
	nA, nB := 0.0, 0.0
	for k := range m.a {
		nA += m.a[k]
		nB += m.b[k]
	}
	for k := range m.a {
		m.ratio[k].Add(seq.Block{LegacyN: nA, LegacyX: m.a[k], CandidateN: nB, CandidateX: m.b[k]})
	}
}

// Kinds is how many kinds of requests were seen, with all beyond the sixteenth as one.
func (m *Mix) Kinds() int { return len(m.names) }

// LogE is the evidence that the mixes differ.
func (m *Mix) LogE() float64 { return m.cells.TwoSided() }

// N is how many requests of the candidate it rests on.
func (m *Mix) N() int64 { return m.n }

// Furthest is the kind whose part of the candidate's requests differs most from its part of legacy's, as a ratio; not
// known before both arms had requests of one.
func (m *Mix) Furthest() (key string, ratio float64, known bool) {
	most := 0.0
	for k, name := range m.names {
		if r, ok := m.ratio[k].Ratio(); ok && r > 0 && math.Abs(math.Log(r)) >= most {
			most, key, ratio, known = math.Abs(math.Log(r)), name, r, true
		}
	}
	return key, ratio, known
}
