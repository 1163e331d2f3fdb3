package ui

import (
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

// The messages of the model. Answers carry the tag of their question; one to an older question is dropped.
type (
	// frameMsg is a newer frame, or why there is none.
	frameMsg struct {
		frame *frame.Frame
		err   error
	}
	// feedMsg asks the feed again after it failed.
	feedMsg struct{}
	// clockMsg is a second gone by.
	clockMsg struct{}
	// gateMsg looks again whether a dialog's keys count.
	gateMsg struct{}
	// linkMsg measures the round trip to the terminal again.
	linkMsg struct{}
	// previewMsg answers a preview.
	previewMsg struct {
		tag     uint64
		preview sources.Preview
		err     error
	}
	// doneMsg is the first answer to an action.
	doneMsg struct {
		tag      uint64
		verb     sources.Verb
		progress sources.Progress
		err      error
	}
	// outliveMsg says that the process which an action needs is there, or why not.
	outliveMsg struct {
		tag uint64
		err error
	}
	// pageMsg answers a question for log lines; its tag is the panel's.
	pageMsg struct {
		tag  uint64
		page frame.LogsPage
		err  error
	}
	// lineMsg is an opened log line; its fields alone where columns are to be chosen.
	lineMsg struct {
		tag   uint64
		picks bool
		line  frame.LogLine
		err   error
	}
	// soughtMsg is the next line that was looked for beyond those on the screen.
	soughtMsg struct {
		tag  uint64
		line frame.LogLine
		err  error
	}
	// bareMsg says until when lines are shown without masks, or why not.
	bareMsg struct {
		until time.Time
		err   error
	}
	// saidMsg is what became of anything else that was asked for.
	saidMsg struct {
		text  string
		err   error
		event bool // it also stands in the SEEN line
	}
)

// The deadlines of commands.
const (
	previewDeadline = 10 * time.Second
	doDeadline      = 30 * time.Second
	askDeadline     = 10 * time.Second
	exportDeadline  = time.Minute
)
