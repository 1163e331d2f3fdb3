package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"rampart/sources"
)

// mostBehind bounds what a receiver that was away is sent when it is back. What is older is counted, and told by one
// record: the journal itself still has it.
const mostBehind = 10_000

// lastLimit bounds how long a process that ends waits for a receiver: what is left is for the next one.
const lastLimit = 2 * time.Second

// Copy is one line of the journal on its way to somebody else, or the record of a gap.
type Copy struct {
	ID    string // the same however often it is sent: the entry's hash
	Entry sources.Entry
	Line  []byte // the line as it stands in the journal, hash included, without its end
}

// Receiver takes copies.
type Receiver interface {
	// Name tells receivers apart; a place in the journal is kept for each.
	Name() string
	// Copy sends one. The error's kind says whether trying again may help.
	Copy(ctx context.Context, c Copy) error
}

// CopierConfig is what a copier is made of.
type CopierConfig struct {
	Path  string // the journal
	To    Receiver
	Now   func() time.Time
	Every time.Duration // how often it looks for new entries; 1 s when zero
	Limit time.Duration // of one try; 5 s when zero
	Say   func(string)  // hears when it begins to fail, and when it is well again; may be nil
}

// Copier sends what the journal takes to one receiver, in the journal's order.
//
// It reads the journal's files and neither locks them nor is known to whoever appends, so that no receiver can delay or
// fail an entry. Only what the head file acknowledges is sent. How far it came stands in a file beside the journal, which
// one process holds at a time; so what could not be sent is sent by whichever process comes next. An entry may come
// twice, with the same ID, after a crash.
type Copier struct {
	cfg     CopierConfig
	place   *os.File // locked while it runs
	at      cursor
	from    follower
	waiting []followed // read and not sent
	ill     string
}

// NewCopier remembers where the journal stands, if the receiver is new: it gets what comes from now on.
func NewCopier(c CopierConfig) (*Copier, error) {
	if c.Every <= 0 {
		c.Every = time.Second
	}
	if c.Limit <= 0 {
		c.Limit = 5 * time.Second
	}
	if c.Say == nil {
		c.Say = func(string) {}
	}
	if err := beginCursor(c.Path, c.To.Name()); err != nil {
		return nil, place("copy", c.Path, err)
	}
	return &Copier{cfg: c, from: follower{path: c.Path}}, nil
}

// Run copies until ctx ends, and then tries once more what is new, for two seconds at most.
func (c *Copier) Run(ctx context.Context) {
	defer c.giveBack()
	pause := sources.Backoff{First: c.cfg.Every, Most: time.Minute, Now: c.cfg.Now}
	for ctx.Err() == nil {
		wait := c.cfg.Every
		if err := c.pass(ctx); err != nil && ctx.Err() == nil {
			wait = pause.Failed(err)
		} else {
			pause.Healed()
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), min(c.cfg.Limit, lastLimit))
	defer cancel()
	_ = c.pass(last) // what is left is for the next process
}

// pass sends all that is new; nil also when another process does so.
func (c *Copier) pass(ctx context.Context) error {
	if mine, err := c.take(); err != nil || !mine {
		return c.tell(err)
	}
	for {
		head, err := readHead(c.cfg.Path)
		if err != nil {
			return c.tell(err)
		}
		if c.at.catchUp(head) {
			c.waiting = nil
			c.from.close()
		}
		if len(c.waiting) == 0 {
			c.waiting, err = c.from.after(c.at.link, head)
		}
		if err != nil || len(c.waiting) == 0 {
			return c.tell(err)
		}
		for ; len(c.waiting) > 0; c.waiting = c.waiting[1:] {
			if err := c.send(ctx, &c.waiting[0]); err != nil {
				return c.tell(err)
			}
		}
		if err := c.tell(nil); err != nil {
			return err
		}
	}
}

// send hands over one line, the record of what is missing before it first. One that is refused for good is missing too.
func (c *Copier) send(ctx context.Context, one *followed) error {
	c.at.missed, one.broken = c.at.missed+one.broken, 0
	if c.at.missed > 0 {
		missed, err := gapOf(c.at, c.cfg.Now())
		if err != nil {
			return err
		}
		if err := c.copy(ctx, missed); err != nil && sources.Retryable(err) {
			return err
		}
		c.at.missed = 0
	}
	err := c.copy(ctx, Copy{ID: one.entry.Hash, Entry: one.entry, Line: one.line})
	if err != nil && sources.Retryable(err) {
		return err
	}
	if err != nil {
		c.at.missed++
		_ = c.tell(err)
	}
	c.at.link = link{one.entry.Seq, one.entry.Hash}
	return c.at.write(c.place)
}

func (c *Copier) copy(ctx context.Context, one Copy) error {
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Limit)
	defer cancel()
	return c.cfg.To.Copy(ctx, one)
}

// gapOf is the record of entries that were not copied.
func gapOf(at cursor, now time.Time) (Copy, error) {
	e := sources.Entry{
		Kind: sources.EntryGap, Time: now.UTC().Round(0), Prev: at.hash,
		Text: fmt.Sprintf("%d entries before this one were not copied; the journal has them", at.missed),
		Data: json.RawMessage(fmt.Sprintf(`{"missed":%d,"after":%d}`, at.missed, at.seq)),
	}
	line, err := json.Marshal(e)
	return Copy{ID: hashOf(fmt.Appendf(nil, "gap %d %s %d", at.seq, at.hash, at.missed)), Entry: e, Line: line}, err
}

// tell says once that it fails, and once that it is well again.
func (c *Copier) tell(err error) error {
	now := ""
	if err != nil {
		now = sources.Visible(err.Error())
	}
	if now != c.ill {
		if c.ill = now; now == "" {
			c.cfg.Say("the journal is copied to " + c.cfg.To.Name() + " again")
		} else {
			c.cfg.Say("the journal is not copied to " + c.cfg.To.Name() + ": " + now)
		}
	}
	return err
}

// take makes the receiver's place this process's own; false: another one has it.
func (c *Copier) take() (bool, error) {
	if c.place != nil {
		return true, nil
	}
	f, err := os.OpenFile(cursorPath(c.cfg.Path, c.cfg.To.Name()), os.O_RDWR, 0)
	if err != nil {
		return false, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		c.at, err = readCursor(f)
	}
	if err != nil {
		_ = f.Close() // it was only tried
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = nil
		}
		return false, err
	}
	c.place = f
	return true, nil
}

func (c *Copier) giveBack() {
	c.from.close()
	if c.place != nil {
		_ = c.place.Close() // each write was made at once
		c.place = nil
	}
}
