package uitest

import (
	"context"
	"sync"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// Feed hands out the frames and errors that a test gives it.
type Feed struct{ next chan answer }

type answer struct {
	frame *frame.Frame
	err   error
}

// NewFeed returns a feed that has nothing yet.
func NewFeed() *Feed { return &Feed{make(chan answer, 64)} }

// Put hands out a frame.
func (f *Feed) Put(x *frame.Frame) { f.next <- answer{frame: x} }

// Fail hands out an error.
func (f *Feed) Fail(err error) { f.next <- answer{err: err} }

// Next implements ui.Feed.
func (f *Feed) Next(ctx context.Context) (*frame.Frame, error) {
	select {
	case a := <-f.next:
		return a.frame, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Operator records what it is asked to do, and answers as the test says.
type Operator struct {
	OnPreview func(sources.Action) (sources.Preview, error) // nil: a rollback of two writes
	OnDo      func(id, word string) (sources.Progress, error)
	Slow      time.Duration // how long each answer takes

	mu       sync.Mutex
	asked    []sources.Action
	done     []string
	unlocked []string
	notes    []string

	confirmed []string
	approved  []sources.Approval
}

// Asked are the actions that were previewed.
func (o *Operator) Asked() []sources.Action { o.mu.Lock(); defer o.mu.Unlock(); return o.asked }

// Done are the previews that were confirmed, with the word typed: "p1", "p1 down".
func (o *Operator) Done() []string { o.mu.Lock(); defer o.mu.Unlock(); return o.done }

// Unlocked are the reasons given for unlocking, behind their times.
func (o *Operator) Unlocked() []string { o.mu.Lock(); defer o.mu.Unlock(); return o.unlocked }

// Notes are the remarks written.
func (o *Operator) Notes() []string { o.mu.Lock(); defer o.mu.Unlock(); return o.notes }

// Preview implements ui.Operator.
func (o *Operator) Preview(ctx context.Context, a sources.Action) (sources.Preview, error) {
	o.mu.Lock()
	o.asked = append(o.asked, a)
	o.mu.Unlock()
	if err := o.wait(ctx); err != nil {
		return sources.Preview{}, err
	}
	if o.OnPreview != nil {
		return o.OnPreview(a)
	}
	return Plan(a), nil
}

// Do implements ui.Operator.
func (o *Operator) Do(ctx context.Context, id, word string) (sources.Progress, error) {
	said := id
	if word != "" {
		said += " " + word
	}
	o.mu.Lock()
	o.done = append(o.done, said)
	o.mu.Unlock()
	if err := o.wait(ctx); err != nil {
		return sources.Progress{}, err
	}
	if o.OnDo != nil {
		return o.OnDo(id, word)
	}
	return sources.Progress{IntentID: id, Rung: sources.Accepted}, nil
}

// Unlock implements ui.Operator.
func (o *Operator) Unlock(_ context.Context, d time.Duration, reason string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.unlocked = append(o.unlocked, d.String()+" "+reason)
	return nil
}

// Confirm implements ui.Operator.
func (o *Operator) Confirm(_ context.Context, id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.confirmed = append(o.confirmed, id)
	return nil
}

// Approve implements ui.Operator.
func (o *Operator) Approve(_ context.Context, a sources.Approval) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.approved = append(o.approved, a)
	return nil
}

// Confirmed are the changes that were confirmed, by ID.
func (o *Operator) Confirmed() []string { o.mu.Lock(); defer o.mu.Unlock(); return o.confirmed }

// Approved are the approvals that were given.
func (o *Operator) Approved() []sources.Approval { o.mu.Lock(); defer o.mu.Unlock(); return o.approved }

// Note implements ui.Operator.
func (o *Operator) Note(_ context.Context, text string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.notes = append(o.notes, text)
	return nil
}

func (o *Operator) wait(ctx context.Context) error {
	select {
	case <-time.After(o.Slow):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Ask answers questions with what the test put into it.
type Ask struct {
	Page      frame.LogsPage
	Err       error
	mu        sync.Mutex
	refreshed int
	services  []string
}

// Refreshed is how often all sources were asked again.
func (a *Ask) Refreshed() int { a.mu.Lock(); defer a.mu.Unlock(); return a.refreshed }

// Services are the services turned to.
func (a *Ask) Services() []string { a.mu.Lock(); defer a.mu.Unlock(); return a.services }

// Logs implements ui.Ask.
func (a *Ask) Logs(context.Context, frame.LogsQuery) (frame.LogsPage, error) { return a.Page, a.Err }

// Line implements ui.Ask.
func (a *Ask) Line(_ context.Context, id string) (frame.LogLine, error) {
	for _, l := range a.Page.Lines {
		if l.ID == id {
			l.Fields = []frame.Field{{Name: sources.NewText("trace.id"), Value: sources.NewText("4bf92f")}}
			return l, nil
		}
	}
	return frame.LogLine{}, &sources.Error{Op: "line", Target: id, Kind: sources.ErrNoData}
}

// Refresh implements ui.Ask.
func (a *Ask) Refresh(context.Context) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refreshed++
	return a.Err
}

// Service implements ui.Ask.
func (a *Ask) Service(_ context.Context, name string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.services = append(a.services, name)
	return a.Err
}
