package ui

import (
	"context"
	"io"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Feed hands out frames, newest wins. Next blocks until there is a frame newer than the one it returned last.
type Feed interface {
	Next(ctx context.Context) (*frame.Frame, error)
}

// Operator does what a person asks. Preview changes nothing; Do starts a previewed action and returns once it is
// journalled and sent or refused: how far it came stands in the frames. Writes live on when the caller goes away.
type Operator interface {
	Preview(ctx context.Context, a sources.Action) (sources.Preview, error)
	Do(ctx context.Context, previewID, word string) (sources.Progress, error)
	Unlock(ctx context.Context, d time.Duration, reason string) error
	Note(ctx context.Context, text string) error
	// Confirm says that a change that reverts by itself stays; an empty ID is the only one that is open.
	Confirm(ctx context.Context, intentID string) error
	Approve(ctx context.Context, a sources.Approval) error
}

// Ask answers questions that no frame holds.
type Ask interface {
	Logs(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error)
	Line(ctx context.Context, id string) (frame.LogLine, error)
	// Refresh asks all sources again now.
	Refresh(ctx context.Context) error
	// Service turns to another service of the context; its frames follow on the same feed.
	Service(ctx context.Context, name string) error
}

// Bundle keeps what is known at one instant, for those who were not there, and returns where.
type Bundle func(ctx context.Context, f *frame.Frame) (path string, err error)

// Seek finds the nearest held log line that a question asks for, older or newer than the line with the id ("": beyond the
// newest). What is not there is of kind sources.ErrNoData.
type Seek func(ctx context.Context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error)

// Unmask allows this session lines as they came, for a while, and writes into the journal who asked and why. It refuses
// where the role does not suffice or nothing can be written. The lines are then asked for with LogsQuery.Bare.
type Unmask func(ctx context.Context, d time.Duration, reason string) (until time.Time, err error)

// Export writes the masked lines that a question asks for, of a window of time, and returns where and how many.
type Export func(ctx context.Context, f *frame.Frame, q frame.LogsQuery, w sources.Window) (path string, lines int, err error)

// Outlive starts the process that an action needs which must outlive this console ([sources.Starting]) and turns the feed,
// the operator and all questions to it. It returns once frames of it can follow.
type Outlive func(ctx context.Context) error

// Keep writes a text that is too long for a clipboard to a file of the operator's own and returns where.
type Keep func(text string) (path string, err error)

// Extra is a verb that only some sessions have, such as breaking the candidate in the demo.
type Extra struct {
	Key  string
	Help string
	Do   func(ctx context.Context) (status string, err error)
}

// Env is what one session has; nothing in this package is shared between sessions.
type Env struct {
	Ctx      context.Context
	Feed     Feed
	Operator Operator // nil: there is nothing to act on
	Ask      Ask      // nil: nobody answers
	Bundle   Bundle   // nil: there is nowhere to write one
	Seek     Seek     // nil: only the lines on the screen are searched
	Unmask   Unmask   // nil: nobody may see more
	Export   Export   // nil: there is nowhere to write one
	Keep     Keep     // nil: what is too long is not copied
	Outlive  Outlive  // nil: no preview asks for it
	Extras   []Extra
	Now      func() time.Time // the engine's clock, for ages
	Zone     *time.Location
	Theme    string              // name, or path of a file; empty: one that suits the terminal's background
	Keys     map[string][]string // other keys for verbs, as in the config
	// Terminal is what the program is drawn on, where a single write is never cut by another; nil: nothing is written to it
	// but by the renderer.
	Terminal io.Writer
	Environ  []string // of the operator's terminal ("KEY=value"), which over SSH is not this process's own
	ASCII    bool
	NoColor  bool
}

// complete fills in what a session may leave out.
func (e Env) complete() Env {
	if e.Ctx == nil {
		e.Ctx = context.Background()
	}
	if e.Now == nil {
		e.Now = time.Now
	}
	if e.Zone == nil {
		e.Zone = time.UTC
	}
	return e
}
