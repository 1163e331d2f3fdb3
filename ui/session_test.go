package ui_test

import (
	"image/color"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/ui"
	"rampart/ui/uitest"
)

// desk is a console over an incident, with its fakes.
type desk struct {
	*uitest.Console
	feed *uitest.Feed
	op   *uitest.Operator
	ask  *uitest.Ask
}

// atDesk runs a test at a console that shows an incident in production.
func atDesk(t *testing.T, test func(t *testing.T, d desk)) {
	synctest.Test(t, func(t *testing.T) {
		d := desk{feed: uitest.NewFeed(), op: &uitest.Operator{}, ask: &uitest.Ask{}}
		d.feed.Put(uitest.Incident(time.Now()))
		d.Console = uitest.Open(t, ui.Env{Feed: d.feed, Operator: d.op, Ask: d.ask})
		test(t, d)
	})
}

// lightBackground is a terminal's answer that it is white.
func lightBackground() tea.Msg { return tea.BackgroundColorMsg{Color: color.White} }
