package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
)

// linkEvery is how often the round trip is measured while nothing else asks.
const linkEvery = time.Minute

// link knows how far away the operator's terminal is, by its answers to cursor queries. Answers come in the order of
// the queries.
type link struct {
	rtt   time.Duration // of the newest answer; zero: never answered
	asked []query
}

// query is one that was sent; gate is set when a dialog waits for the answer.
type query struct {
	at   time.Time
	gate uint64
}

// mostAsked bounds the queries that a silent terminal owes.
const mostAsked = 8

// ask sends a cursor query. gate names the picture that it is to prove, 0 none.
func (m *Model) ask(gate uint64) tea.Cmd {
	if len(m.link.asked) >= mostAsked {
		return nil
	}
	m.link.asked = append(m.link.asked, query{time.Now(), gate})
	return tea.RequestCursorPosition
}

// measure asks now and then how far the terminal is. One that owes an answer is left alone.
func (m *Model) measure() tea.Cmd {
	again := tea.Tick(linkEvery, func(time.Time) tea.Msg { return linkMsg{} })
	if len(m.link.asked) > 0 {
		return again
	}
	return tea.Batch(m.ask(0), again)
}

// answered takes the answer to the oldest query.
func (m *Model) answered() tea.Cmd {
	if len(m.link.asked) == 0 {
		return nil
	}
	q := m.link.asked[0]
	m.link.asked = m.link.asked[1:]
	m.link.rtt = time.Since(q.at)
	if g := m.gate(); g != nil && q.gate == m.tag && g.Answered() {
		return m.ask(m.tag)
	}
	return nil
}
