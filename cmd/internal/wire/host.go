package wire

import (
	"context"
	"io"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Host is what a runner lends to those who attach. Its methods are called from many goroutines at once.
type Host interface {
	Hello() Hello
	// Services are all that the runner drives, worst first.
	Services() []frame.Summary
	// Service is one of them; ErrInvalid when there is none of that name.
	Service(name string) (Service, error)
	// Trust tells whether a user may act under another's name, as the account of an ssh front may.
	Trust(uid int) bool
}

// Service is one service as it is lent to consoles.
type Service interface {
	Ask
	// Frames is a new reader, whose first frame is the newest there is.
	Frames() Reader
	// Session is who a peer is here, for the console's stripe.
	Session(p Peer) frame.Session
	// Operator acts for a peer; ErrUnsupported when there is nothing to act on.
	Operator(p Peer) (Operator, error)
}

// Reader is one place in a stream of frames. Next blocks until there is a newer one than the last; newest wins.
type Reader interface {
	Next(ctx context.Context) (*frame.Frame, error)
}

// Operator does what a person asks. What it has begun lives on when ctx ends.
type Operator interface {
	Preview(ctx context.Context, a sources.Action) (sources.Preview, error)
	Do(ctx context.Context, previewID, word string) (sources.Progress, error)
	Unlock(ctx context.Context, d time.Duration, reason string) error
	Note(ctx context.Context, text string) error
	Confirm(ctx context.Context, intentID string) error
	Approve(ctx context.Context, a sources.Approval) error
	// Unmask decides whether the peer may read lines as they came and writes down who asked and why; a refusal is
	// ErrDenied. The time that it allows may be shorter than what was asked.
	Unmask(ctx context.Context, d time.Duration, reason string) (until time.Time, err error)
}

// Ask answers what no frame holds. Lines are masked, but where the console has leave: only then does a query come with
// Bare, and BareLine is called.
type Ask interface {
	Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error)
	Line(ctx context.Context, id string) (frame.LogLine, error)
	BareLine(ctx context.Context, id string) (frame.LogLine, error)
	// Seek finds the nearest held line that a question asks for, older or newer than the one with the id, masked.
	Seek(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error)
	// Export writes the masked lines of a window, one JSON object a line, and returns how many.
	Export(ctx context.Context, q frame.LogsQuery, w sources.Window, out io.Writer) (int, error)
	Refresh(ctx context.Context) error
}

// Hello is how a runner greets. New fields may join; none may go, because any version of a console reads it.
type Hello struct {
	Version  string    `json:"version"` // the program's
	Wire     string    `json:"wire"`    // [Shape], filled in by Serve
	PID      int       `json:"pid"`
	Since    time.Time `json:"since"`
	Services []string  `json:"services"`
	Now      time.Time `json:"now"` // its clock, filled in by Serve
}

// Peer is who is at the other end of the socket.
type Peer struct {
	Name string // who acts: the socket's user, or whom a trusted one speaks for
	From string // where they sit, for the journal, with what they only claim
	UID  int
}
