package part

// Box is the room that a panel is given, in columns and rows.
type Box struct{ W, H int }

// The smallest screen that shows the call, the traffic and how fresh both are.
const (
	LeastWidth  = 60
	LeastHeight = 15
)

// Move is a movement within a panel.
type Move uint8

// The movements.
const (
	Up Move = iota + 1
	Down
	Left
	Right
	Top
	Bottom
	HalfUp
	HalfDown
	PageUp
	PageDown
)

// Hint is a key and what it does, for the footer and the help.
type Hint struct {
	Key, Does string
	Off       string // why it does nothing now; empty: it does
}

// KeyRow is a row of the help: where keys work, which they are and what they do.
type KeyRow struct {
	Where, Keys, Does string
}
