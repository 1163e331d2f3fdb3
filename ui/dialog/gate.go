package dialog

import "time"

// patience is how long a terminal may take to answer beyond twice the measured round trip.
const patience = 300 * time.Millisecond

// needed is how many answers prove that a picture has arrived. The renderer writes a query before the picture of the
// same tick; the second query is sent after the first was answered, thus after that picture, and terminals answer in
// order: whoever answers it has read the picture.
const needed = 2

// Gate tells from when on a dialog takes keys. The zero value is closed.
type Gate struct {
	since   time.Time
	answers int
}

// Reset closes the gate: another picture is about to be drawn.
func (g *Gate) Reset(now time.Time) { *g = Gate{since: now} }

// Answered counts an answer to a cursor query that was sent since the reset, and tells whether another is to be asked.
func (g *Gate) Answered() (more bool) {
	g.answers++
	return g.answers < needed
}

// Opens is when the gate opens even if the terminal never answers.
func (g *Gate) Opens(link time.Duration) time.Time { return g.since.Add(patience + 2*link) }

// Open tells whether keys count.
func (g *Gate) Open(now time.Time, link time.Duration) bool {
	return !g.since.IsZero() && (g.answers >= needed || !now.Before(g.Opens(link)))
}
