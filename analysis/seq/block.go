package seq

import "fmt"

// MaxCount is the largest count that is exact as a float64 with room for sums over any rollout.
const MaxCount = 1 << 46

// Block is the counts of both arms over one scrape: N requests, of which X count against the arm (errors, or requests
// above an edge). Whole numbers as floats, so that sums stay exact.
type Block struct {
	LegacyN, LegacyX       float64
	CandidateN, CandidateX float64
}

// Requests is the number of requests of both arms.
func (b Block) Requests() float64 { return b.LegacyN + b.CandidateN }

// Events is the number of counted requests of both arms.
func (b Block) Events() float64 { return b.LegacyX + b.CandidateX }

// Swap exchanges the arms.
func (b Block) Swap() Block {
	return Block{LegacyN: b.CandidateN, LegacyX: b.CandidateX, CandidateN: b.LegacyN, CandidateX: b.LegacyX}
}

// Plus adds two blocks count by count.
func (b Block) Plus(o Block) Block {
	return Block{b.LegacyN + o.LegacyN, b.LegacyX + o.LegacyX, b.CandidateN + o.CandidateN, b.CandidateX + o.CandidateX}
}

// Check tells what is wrong with a block: counts that are negative or not numbers, more events than requests, or
// counts beyond [MaxCount].
func (b Block) Check() error {
	if err := checkArm("legacy", b.LegacyN, b.LegacyX); err != nil {
		return err
	}
	return checkArm("candidate", b.CandidateN, b.CandidateX)
}

func checkArm(arm string, n, x float64) error {
	if !(n >= 0 && n <= MaxCount) {
		return fmt.Errorf("%s requests: %v is not a count", arm, n)
	}
	if !(x >= 0 && x <= n) {
		return fmt.Errorf("%s errors: %v of %v requests", arm, x, n)
	}
	return nil
}

// share is the candidate's expected part of the block's events when its rate is ratio times legacy's.
func (b Block) share(ratio float64) float64 {
	c := float64(b.CandidateN * ratio)
	if c == 0 {
		return 0
	}
	return c / (b.LegacyN + c)
}

// MantelHaenszel is the ratio of two rates over many blocks, each compared within itself: sum x_B n_A/n over
// sum x_A n_B/n (Mantel and Haenszel 1959). Unlike the pooled ratio it does not move when only the split does.
type MantelHaenszel struct {
	num, den float64
}

// Add takes one block in.
func (m *MantelHaenszel) Add(b Block) {
	n := b.Requests()
	if n == 0 {
		return
	}
	m.num += b.CandidateX * b.LegacyN / n
	m.den += b.LegacyX * b.CandidateN / n
}

// Ratio is the candidate's rate over legacy's; not known while legacy's side is 0.
func (m *MantelHaenszel) Ratio() (ratio float64, known bool) {
	if m.den == 0 {
		return 0, false
	}
	return m.num / m.den, true
}

// shrunk is the ratio with two events added on each side, which is 1 before the first block.
func (m *MantelHaenszel) shrunk() float64 { return (m.num + 2) / (m.den + 2) }

func (m *MantelHaenszel) state(c *codec) { c.floats(&m.num, &m.den) }
