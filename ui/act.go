package ui

import (
	"context"
	"errors"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/dialog"
)

// asking is an open confirmation with the action that it is about.
type asking struct {
	dialog.Confirm
	action sources.Action
	tag    uint64 // of the newest preview asked for
}

func (m *Model) rollBack() tea.Cmd { return m.propose(sources.RollBack, 0, "") }

func (m *Model) holdOrResume() tea.Cmd {
	if f := m.live; f != nil && f.Traffic.Held != "" {
		return m.propose(sources.Resume, 0, "")
	}
	return m.propose(sources.Hold, 0, "")
}

func (m *Model) step() tea.Cmd {
	return m.propose(sources.Step, m.live.NextStep(), "")
}

// propose opens the confirmation of an action at once and asks for its preview. What the operator sees now goes with it.
func (m *Model) propose(v sources.Verb, to sources.Share, reason string) tea.Cmd {
	switch {
	case m.elsewhere() != "":
		return m.turnFirst()
	case m.turning != "" && v != sources.RollBack:
		return m.warn(m.turning + " has not come yet: what ramps is asked for when it is on the screen")
	}
	a := sources.Action{Verb: v, To: to, Reason: reason, Confirm: m.limitOf(v, to)}
	c := &asking{action: a}
	c.Does, c.Waiting = doing(v), "asking the traffic plane what would be written …"
	c.Title, c.Context = c.Does, "no service yet"
	if f := m.shown(); f != nil {
		c.action.Service, c.action.Seen = f.Service, f.Shown()
		c.Title, c.Context, c.Prod = c.Does+" "+f.Service, f.Context, f.Env == "prod"
	}
	if m.turning != "" { // nothing of it is on the screen, so nothing is claimed to have been seen
		c.action.Service, c.action.Seen, c.Title = m.turning, sources.Precondition{}, c.Does+" "+m.turning
	}
	m.confirm = c
	return m.preview()
}

// doing is a verb in the operator's words.
func doing(v sources.Verb) string {
	switch v {
	case sources.RollBack:
		return "roll back"
	case sources.SetSplit:
		return "set the split"
	case sources.Start:
		return "start the ramp"
	case sources.Stop:
		return "stop the ramp"
	case sources.Hold, sources.Resume, sources.Step, sources.Promote:
	}
	return strings.ReplaceAll(v.String(), "_", " ")
}

// preview asks what the open action would do.
func (m *Model) preview() tea.Cmd {
	c := m.confirm
	c.Err = nil
	m.asked++
	c.tag = m.asked
	tag, a, parent, op := c.tag, c.action, m.env.Ctx, m.env.Operator
	ask := func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, previewDeadline)
		defer cancel()
		p, err := op.Preview(ctx, a)
		return previewMsg{tag, p, err}
	}
	return tea.Batch(ask, m.closeGate())
}

// previewed shows the answer. It is another picture than before, so the keys wait for it to arrive.
func (m *Model) previewed(msg previewMsg) tea.Cmd {
	c := m.confirm
	if c == nil || c.tag != msg.tag {
		return nil
	}
	c.Waiting, c.Preview, c.Err = "", msg.preview, msg.err
	return m.closeGate()
}

// pressConfirm takes a key of the confirmation. While it is not known to be on the screen every key is swallowed.
func (m *Model) pressConfirm(k tea.Key) tea.Cmd {
	if !m.gateOpen() {
		return nil
	}
	c := m.confirm
	switch c.Key(k) {
	case dialog.Stay:
	case dialog.Leave:
		m.confirm = nil
	case dialog.Again:
		c.Waiting = "asking the traffic plane again …"
		return m.preview()
	case dialog.Go:
		return m.goOn()
	}
	return nil
}

// goOn does what was confirmed.
func (m *Model) goOn() tea.Cmd {
	c := m.confirm
	if c.Starts() {
		return m.outlive()
	}
	c.Sent = true
	tag, id, word, verb, parent, op := c.tag, c.Preview.ID, c.Word.String(), c.action.Verb, m.env.Ctx, m.env.Operator
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, doDeadline)
		defer cancel()
		p, err := op.Do(ctx, id, word)
		return doneMsg{tag, verb, p, err}
	}
}

// outlive starts the process that the open action needs and turns this console to it.
func (m *Model) outlive() tea.Cmd {
	c := m.confirm
	m.asked++
	c.tag, c.Waiting = m.asked, "starting it, and waiting for what it sees …"
	tag, parent, start := c.tag, m.env.Ctx, m.env.Outlive
	return tea.Batch(m.closeGate(), func() tea.Msg {
		if start == nil {
			return outliveMsg{tag, errors.New("this console can start nothing")}
		}
		ctx, cancel := context.WithTimeout(parent, doDeadline)
		defer cancel()
		return outliveMsg{tag, start(ctx)}
	})
}

// outlived goes on to the action that was asked for, which is confirmed on its own.
func (m *Model) outlived(msg outliveMsg) tea.Cmd {
	c := m.confirm
	switch {
	case c == nil || c.tag != msg.tag:
		if msg.err != nil {
			return m.fail(msg.err)
		}
		return tea.Batch(m.say("this console is attached to a runner now"), m.coverAgain())
	case msg.err != nil:
		c.Waiting, c.Err = "", msg.err
		return m.closeGate()
	}
	c.Waiting = "attached; asking what would be written …"
	if f := m.live; f != nil {
		c.action.Seen = f.Shown()
	}
	return tea.Batch(m.preview(), m.coverAgain())
}

// coverAgain puts the masks on: leave to see without them was given by whom this console asked before.
func (m *Model) coverAgain() tea.Cmd {
	if m.panels.Logs.Bare().IsZero() {
		return nil
	}
	return m.cover()
}

// did closes the confirmation; from here on the header follows the action rung by rung. A refusal stays in the status
// line until it is dismissed.
func (m *Model) did(msg doneMsg) tea.Cmd {
	if m.confirm != nil && m.confirm.tag == msg.tag {
		m.confirm = nil
	}
	switch {
	case msg.err != nil:
		return m.fail(msg.err)
	case msg.progress.Rung == sources.RungNone && msg.progress.Alarm != "":
		return m.warn(doing(msg.verb) + ": " + msg.progress.Alarm)
	case msg.progress.Unnoted != "":
		far := "done"
		if !msg.progress.Done {
			far = msg.progress.Rung.String()
		}
		return m.warn(doing(msg.verb) + ": " + far + ", not written down: " + msg.progress.Unnoted)
	case msg.verb == sources.Hold, msg.verb == sources.Resume:
		return m.say(doing(msg.verb) + ": done and written down")
	case msg.progress.Replan != "":
		return m.warn(doing(msg.verb) + " goes on; planned again: " + sources.Visible(msg.progress.Replan))
	case msg.progress.Rung == sources.RungNone:
		return m.say(doing(msg.verb) + ": on its way")
	}
	return m.say(doing(msg.verb) + ": " + msg.progress.Rung.String())
}

// follow plans an open action anew when what it rests on has changed, so that what is confirmed is what is true.
func (m *Model) follow() tea.Cmd {
	c, f := m.confirm, m.live
	if c == nil || f == nil || c.Sent || c.Waiting != "" || c.Err != nil {
		return nil
	}
	if p := c.Preview; !p.Expires.IsZero() && f.At.After(p.Expires) {
		c.Waiting = "the plan is too old; asking again …"
		return m.preview()
	}
	if m.overtaken(f) {
		c.Waiting = "the split was changed meanwhile; asking again …"
		return m.preview()
	}
	return nil
}

// overtaken tells whether somebody changed the split under an open question. A rollback is planned again when it is
// written: asking anew would shut its keys out once more.
func (m *Model) overtaken(f *frame.Frame) bool {
	c := m.confirm
	return c.action.Verb != sources.RollBack && c.Preview.Confirm.Refuse == "" && c.action.Seen.Rev != "" &&
		f.Service == c.action.Service && f.Traffic.Rev != "" && f.Traffic.Rev != c.action.Seen.Rev
}

// pending is an action that is half-way; false when there is none.
func (m *Model) pending() (sources.Progress, bool) {
	if m.live == nil {
		return sources.Progress{}, false
	}
	for _, p := range m.live.Actions {
		if !p.Done && p.Rung < sources.Observed {
			return p, true
		}
	}
	return sources.Progress{}, false
}

// call runs a request that ends in a remark.
func (m *Model) call(deadline time.Duration, f func(context.Context) (string, error)) tea.Cmd {
	parent := m.env.Ctx
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, deadline)
		defer cancel()
		text, err := f(ctx)
		return saidMsg{text: text, err: err}
	}
}

// confirmWithin makes what ramps up from now on revert by itself unless somebody confirms it in time.
func (m *Model) confirmWithin(args string) (tea.Cmd, error) {
	if args == "off" {
		m.within = 0
		return m.say("changes stay"), nil
	}
	d, err := time.ParseDuration(args)
	if err != nil || d <= 0 {
		return nil, errors.New("confirm-within wants a time, such as 10m, or off")
	}
	m.within = d
	return m.say("what ramps up reverts after " + args + " unless it is confirmed (:confirm)"), nil
}

// limitOf is the time limit of an action. Only what gives the candidate more has one: reverting the rest would ramp up.
func (m *Model) limitOf(v sources.Verb, to sources.Share) time.Duration {
	switch v {
	case sources.Step, sources.Promote:
		return m.within
	case sources.SetSplit:
		if f := m.live; f == nil || !f.Traffic.Set.Known || to > f.Traffic.Set.Candidate {
			return m.within
		}
	case sources.RollBack, sources.Hold, sources.Resume, sources.Start, sources.Stop:
	}
	return 0
}

// confirmChange keeps the change that would revert by itself.
func (m *Model) confirmChange(args string) (tea.Cmd, error) {
	if args != "" {
		return nil, errors.New("confirm takes nothing behind it")
	}
	op := m.env.Operator
	return m.call(askDeadline, func(ctx context.Context) (string, error) {
		return "confirmed: the change stays", op.Confirm(ctx, "")
	}), nil
}
