package ui

import (
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
)

// saidFor is how long a remark stands in the status line. A failure stands until the next deed.
const saidFor = 8 * time.Second

// status is the line at the foot of the screen that answers the last key.
type status struct {
	line  cell.Line
	until time.Time // zero: until it is dismissed
}

// expire takes a remark away that had its time, and tells whether it did.
func (s *status) expire(now time.Time) bool {
	over := !s.until.IsZero() && !now.Before(s.until)
	if over {
		*s = status{}
	}
	return over
}

// pass takes a passing remark away; a failure stays until esc.
func (s *status) pass() {
	if !s.until.IsZero() {
		*s = status{}
	}
}

func (m *Model) say(text string) tea.Cmd  { return m.remark(cell.Plain, text) }
func (m *Model) warn(text string) tea.Cmd { return m.remark(cell.Warn, text) }

func (m *Model) remark(tone cell.Tone, text string) tea.Cmd {
	m.status = status{cell.Say(tone, sources.Visible(text)), time.Now().Add(saidFor)}
	return nil
}

// fail shows an error with what would mend it, until it is dismissed.
func (m *Model) fail(err error) tea.Cmd {
	line := cell.Say(cell.Bad, sources.Visible(err.Error()))
	var e *sources.Error
	if errors.As(err, &e) && e.Fix != "" && !strings.Contains(err.Error(), e.Fix) {
		line = line.And(cell.Plain, " · "+sources.Visible(e.Fix))
	}
	m.status = status{line: line}
	return nil
}

// said shows what became of something.
func (m *Model) said(msg saidMsg) tea.Cmd {
	if msg.err != nil {
		m.turning = "" // should it be that which failed, the screen stays
		return m.fail(msg.err)
	}
	if msg.event {
		m.happened(msg.text)
	}
	return m.say(msg.text)
}

// mostHappened bounds what a session remembers of itself.
const mostHappened = 16

// happened remembers what happened in this session alone, for the SEEN line.
func (m *Model) happened(text string) {
	m.state.Own = append(m.state.Own, frame.Event{At: m.env.Now(), Text: sources.NewText(text)})
	if len(m.state.Own) > mostHappened {
		m.state.Own = m.state.Own[1:]
	}
}

// statusLine is what stands at the foot: the last remark, or what is wrong with the feed, or nothing.
func (m *Model) statusLine() cell.Line {
	switch {
	case m.status.line != nil:
		return m.status.line
	case m.feedErr != nil:
		return cell.Say(cell.Bad, "no frames: "+sources.Visible(m.feedErr.Error()))
	case m.still != nil && m.live != nil && m.still.Verdict.Call != m.live.Verdict.Call:
		return cell.Say(cell.Warn, "frozen at "+m.still.Verdict.Call.Label()+"; the call is now "+m.live.Verdict.Call.Label()+" · L live")
	}
	return nil
}
