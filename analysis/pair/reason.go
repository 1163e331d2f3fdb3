package pair

// Reason says why a line is in no pair.
type Reason uint8

// The reasons. The zero value is none.
const (
	NoPartner Reason = iota + 1 // the other arm wrote no line of that id within the window
	Duplicate                   // the arm wrote another line of that id within the window, and that one was taken
	Late                        // it came behind the watermark
	Evicted                     // it had to make room
	NoID                        // it has no request id
	NoTime                      // it has no time of its own
	Ahead                       // its time lies more than an hour ahead: a clock, or a unit
)

var reasonWords = [...]string{"", "no partner within the window", "duplicate id", "late", "evicted", "no id", "no time", "time in the future"}

// Reasons are all reasons in their order.
func Reasons() [7]Reason {
	return [7]Reason{NoPartner, Duplicate, Late, Evicted, NoID, NoTime, Ahead}
}

// String is the reason in words.
func (r Reason) String() string {
	if int(r) < len(reasonWords) {
		return reasonWords[r]
	}
	return reasonWords[0]
}

// Unmatched counts lines by reason.
type Unmatched [Ahead + 1]int64

// Of is how many lines have the reason.
func (u Unmatched) Of(r Reason) int64 {
	if int(r) >= len(u) {
		return 0
	}
	return u[r]
}

// Total is how many lines are in no pair.
func (u Unmatched) Total() int64 {
	var n int64
	for _, c := range u {
		n += c
	}
	return n
}
