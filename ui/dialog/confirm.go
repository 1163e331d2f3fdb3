package dialog

import (
	tea "charm.land/bubbletea/v2"

	"rampart/sources"
)

// Confirm shows exactly what an action would do and takes one confirmation.
type Confirm struct {
	Gate    Gate
	Title   string // "roll back ranker"
	Does    string // what enter does: "roll back"
	Context string // the stripe
	Prod    bool
	Waiting string // what is awaited before there is a preview; empty: it is here
	Err     error  // why it could not be planned
	Sent    bool   // it was confirmed, and its first answer is awaited
	Preview sources.Preview
	Word    Field
	top     int
	wrong   string
	read    reading
}

// ready tells whether the dialog can be confirmed at all.
func (c *Confirm) ready() bool {
	return c.Waiting == "" && c.Err == nil && !c.Sent && c.Preview.Confirm.Refuse == ""
}

// Starts tells whether enter starts a process that the action needs, and not the action.
func (c *Confirm) Starts() bool {
	return c.Preview.Confirm.First.Needed() && c.Preview.Confirm.Refuse == ""
}

// Key takes a key.
func (c *Confirm) Key(k tea.Key) Answer {
	switch k.Keystroke() {
	case "esc":
		return Leave
	case "enter":
		return c.enter()
	case "up":
		c.top = max(c.top-1, 0)
	case "down":
		c.top++
	case "pgup":
		c.top = max(c.top-8, 0)
	case "pgdown":
		c.top += 8
	default:
		if c.ready() && c.Preview.Confirm.Word != "" && c.Word.Key(k) {
			c.wrong = ""
		}
	}
	return Stay
}

func (c *Confirm) enter() Answer {
	switch {
	case c.Err != nil:
		return Again
	case !c.ready():
		return Stay
	case c.unread():
		c.top = c.read.seen
		return Stay
	case c.Word.String() != c.Preview.Confirm.Word:
		c.wrong = "that is not the word"
		return Stay
	}
	return Go
}
