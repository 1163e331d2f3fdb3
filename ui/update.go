package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// feedPause is how long a failed feed is left alone.
const feedPause = time.Second

// Update implements tea.Model. It only sorts messages; nothing here waits.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m.state.Now, m.state.Zone, m.state.Link = m.env.Now(), m.env.Zone, m.link.rtt
	m.ticked, m.calm = false, false
	return m, m.take(msg)
}

func (m *Model) take(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.w, m.h = msg.Width, msg.Height
		return m.askLogs()
	case tea.KeyPressMsg:
		return m.press(msg.Key())
	case tea.PasteMsg:
		return m.paste(msg.Content)
	case tea.CursorPositionMsg:
		return m.answered()
	case tea.BackgroundColorMsg:
		m.background(msg)
	case tea.ResumeMsg:
		return m.nudge()
	case frameMsg:
		return m.took(msg)
	case feedMsg:
		return m.nextFrame()
	case clockMsg:
		return m.secondWent()
	case linkMsg:
		return m.measure()
	case gateMsg:
		return m.gateTick()
	case previewMsg:
		return m.previewed(msg)
	case doneMsg:
		return m.did(msg)
	case outliveMsg:
		return m.outlived(msg)
	case pageMsg:
		return m.page(msg)
	case lineMsg:
		return m.line(msg)
	case soughtMsg:
		return m.sought(msg)
	case bareMsg:
		return m.bared(msg)
	case saidMsg:
		return m.said(msg)
	}
	return nil
}

// secondWent takes away what had its time, and goes on waiting for the next second.
func (m *Model) secondWent() tea.Cmd {
	said, masked := m.status.expire(time.Now()), m.remask()
	m.calm = !said && masked == nil && m.resting()
	m.ticked = m.calm && m.state.Now.Sub(m.picture.at) < ageStep
	return tea.Batch(m.tick(), masked)
}

// took takes a frame and waits for the next. A failed feed is asked again after a pause, for ever.
func (m *Model) took(msg frameMsg) tea.Cmd {
	if m.env.Ctx.Err() != nil {
		return tea.Quit
	}
	if msg.err != nil {
		m.feedErr = msg.err
		return tea.Tick(feedPause, func(time.Time) tea.Msg { return feedMsg{} })
	}
	m.feedErr = nil
	if msg.frame != nil {
		if m.live == nil {
			m.happened("you attached")
		}
		m.turned(msg.frame)
		m.live = msg.frame
		m.goesOn()
		m.calm = m.resting()
	}
	return tea.Batch(m.nextFrame(), m.askLogs(), m.follow())
}

// press takes a key: the dialog's while one is open, the line's while one is typed, the verb's otherwise.
func (m *Model) press(k tea.Key) tea.Cmd {
	if m.keys.quitsNow(k) {
		return tea.Quit
	}
	switch {
	case m.leaving != nil:
		return m.pressLeaving(k)
	case m.confirm != nil:
		return m.pressConfirm(k)
	case m.prompt != nil:
		return m.pressPrompt(k)
	}
	b, ok := m.keys.find(k, m.now)
	if !ok {
		return nil
	}
	return m.do(b)
}

// do does a verb, or says why not.
func (m *Model) do(b binding) tea.Cmd {
	if why := b.disabled(m.live, m.session()); why != "" {
		return tea.Batch(m.warn(string(b.verb)+": "+why), m.tried(string(b.verb), why))
	}
	m.status.pass()
	if b.where == acting && m.elsewhere() != "" {
		return m.turnFirst()
	}
	return b.does(m)
}

// paste puts pasted text into what is typed. It is never taken for keys.
func (m *Model) paste(text string) tea.Cmd {
	switch {
	case m.confirm != nil:
		if m.gateOpen() {
			m.confirm.Word.Insert(text)
		}
	case m.prompt != nil:
		m.prompt.Paste(text)
	}
	return nil
}
