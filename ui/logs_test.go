package ui_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui"
	"rampart/ui/uitest"
	"rampart/ui/uitest/sample"
)

// reader is a console on the log panel, and what it asked for.
type reader struct {
	*uitest.Console
	asked   []frame.LogsQuery
	sought  []string
	reasons []string
	copies  []string
	exports []frame.LogsQuery
	window  sources.Window
	feed    *uitest.Feed
	hidden  bool // the search finds nothing anywhere
	index   bool // filters are looked for in the index
	past    time.Duration
	lines   int
}

func (r *reader) Logs(_ context, q frame.LogsQuery) (frame.LogsPage, error) {
	r.asked = append(r.asked, q)
	p := r.page(r.lines)
	p.Index = r.index && len(q.Terms) > 0
	if q.Bare {
		p.Lines[0].Message = sources.NewText("mail ann@example.com")
	}
	if !q.Before.IsZero() {
		p = r.page(r.lines + 60)
		p.Lines = p.Lines[40:]
	}
	return p, nil
}

// askedBack tells whether lines of another time than the newest were asked for.
func (r *reader) askedBack() bool {
	return slices.ContainsFunc(r.asked, func(q frame.LogsQuery) bool { return !q.Before.IsZero() })
}

func (*reader) page(n int) frame.LogsPage {
	p := sample.Page(n)
	for i := range p.Lines {
		p.Lines[i].At = time.Now().Add(-time.Duration(i) * time.Second)
	}
	return p
}

func (r *reader) Line(_ context, id string) (frame.LogLine, error) {
	l := sample.Line()
	l.ID = id
	return l, nil
}
func (*reader) Refresh(context) error         { return nil }
func (*reader) Service(context, string) error { return nil }

func (r *reader) seek(_ context, q frame.LogsQuery, id string, newer bool) (frame.LogLine, error) {
	r.sought, r.past = append(r.sought, fmt.Sprint(q.Terms, " ", id, " ", newer)), q.Past
	if r.hidden {
		return frame.LogLine{}, &sources.Error{Op: "find", Target: "lines", Kind: sources.ErrNoData}
	}
	return r.page(90).Lines[80], nil
}

func reading(t *testing.T, environ []string, role sources.Role, test func(*testing.T, *reader)) {
	synctest.Test(t, func(t *testing.T) {
		r := &reader{feed: uitest.NewFeed(), lines: 40}
		f := uitest.Incident(time.Now())
		f.Session.Role = role
		r.feed.Put(f)
		r.Console = uitest.Open(t, ui.Env{
			Feed: r.feed, Operator: &uitest.Operator{}, Ask: r, Environ: environ, Seek: r.seek,
			Keep: func(text string) (string, error) { r.copies = append(r.copies, text); return "/state/copy.txt", nil },
			Unmask: func(_ context, d time.Duration, reason string) (time.Time, error) {
				r.reasons = append(r.reasons, reason)
				if reason == "no" {
					return time.Time{}, errors.New("the journal is full")
				}
				return time.Now().Add(d), nil
			},
			Export: func(_ context, _ *frame.Frame, q frame.LogsQuery, w sources.Window) (string, int, error) {
				r.exports, r.window = append(r.exports, q), w
				return "/state/lines.jsonl", 1234, nil
			},
		})
		r.Press("5")
		test(t, r)
	})
}

func TestLogKeys_TheLogCursorMovesTheChartsAndTheirsMovesTheLog(t *testing.T) {
	reading(t, nil, sources.Promoter, func(t *testing.T, r *reader) {
		r.Press("k", "k", "k")
		r.Press("1")
		at := time.Now().Add(-3 * time.Second).UTC().Format("15:04:05")
		r.Must(at)
		r.Press("left", "left", "left", "left", "5")
		if !r.askedBack() {
			t.Errorf("the charts' cursor asked for no other lines: %+v", r.asked)
		}
		r.Must("±30 s")
		r.Press("f")
		r.Must("following")
		r.MustNot("±30 s")
	})
}

func TestLogKeys_NAsksForMatchesBeyondTheLinesOnTheScreen(t *testing.T) {
	reading(t, nil, sources.Promoter, func(t *testing.T, r *reader) {
		r.Press("/")
		r.Type("nowhere near")
		r.Press("enter")
		if len(r.sought) != 1 || r.sought[0] != `["nowhere near"]  false` {
			t.Fatalf("asked %q", r.sought)
		}
		if !r.askedBack() {
			t.Fatalf("the lines around the match are not asked for: %+v", r.asked)
		}
		r.hidden = true
		r.Press("n")
		r.Must("no newer held line matches")
	})
}

func TestLogKeys_SearchAndExportGoOverTheIndexWhereTheFilterDoes(t *testing.T) {
	reading(t, nil, sources.Promoter, func(t *testing.T, r *reader) {
		r.index = true
		r.Press("/")
		r.Type("nowhere")
		r.Press("enter")
		if r.past != 0 {
			t.Fatalf("held lines without a filter were searched for %v in the index", r.past)
		}
		r.Press("&")
		r.Type("timeout")
		r.Press("enter", "G")
		r.Must("in the index since")
		r.hidden = true
		r.Press("n")
		if r.past != 30*time.Minute {
			t.Errorf("looked %v back in the index", r.past)
		}
		r.Must("no newer line of the window matches")
		r.Press("x")
		if q := r.exports[0]; len(q.Terms) != 1 || q.Past < 30*time.Minute {
			t.Errorf("exported %+v", q)
		}
		r.index = false
		r.Press("backspace", "e", "x")
		if q := r.exports[1]; q.Past != 0 {
			t.Errorf("the held lines are exported from the index: %+v", q)
		}
	})
}

func TestLogKeys_UnmaskingTakesARoleAReasonAndEnds(t *testing.T) {
	reading(t, nil, sources.Viewer, func(t *testing.T, r *reader) {
		r.Press("u")
		r.Must("it takes the role operator")
		if len(r.reasons) != 1 || r.reasons[0] != "" { // without a reason it is refused whatever the role is
			t.Fatalf("a viewer's wish was passed on with %q", r.reasons)
		}
		r.reasons = nil
	})
	reading(t, nil, sources.Operator, func(t *testing.T, r *reader) {
		r.Press("u", "enter")
		r.Must("a reason is wanted")
		r.Type("no")
		r.Press("enter")
		r.Must("the journal is full")
		r.MustNot("UNMASKED")
		r.Press("esc", "5", "u")
		r.Type("ticket 7")
		r.Press("enter")
		r.Must("UNMASKED")
		r.Must("ann@example.com")
		r.Press("x")
		if r.exports[0].Bare {
			t.Error("the export is without masks")
		}
		r.Press("1")
		r.Must("UNMASKED")
		r.Press("5")
		r.Wait(5*time.Minute + 2*time.Second)
		r.MustNot("UNMASKED")
		r.MustNot("ann@example.com")
	})
}

func TestLogKeys_TheExportHasTheFilterAndTheWindow(t *testing.T) {
	reading(t, nil, sources.Viewer, func(t *testing.T, r *reader) {
		r.Press("&")
		r.Type("level:error")
		r.Press("enter", "x")
		r.Must("1 234 lines: /state/lines.jsonl")
		if q := r.exports[0]; len(q.Terms) != 1 || r.window.To.Sub(r.window.From) != 30*time.Minute {
			t.Errorf("%+v over %v", q, r.window)
		}
		r.Press("backspace", "x")
		if len(r.exports[1].Terms) != 0 {
			t.Errorf("backspace left %v", r.exports[1].Terms)
		}
	})
}

func TestCopy_PassesWhatStandsBetweenProgramAndTerminal(t *testing.T) {
	for name, c := range map[string]struct {
		environ []string
		plain   bool
		wrapped string
	}{
		"a terminal":        {[]string{"TERM=xterm-256color"}, true, ""},
		"tmux":              {[]string{"TERM=screen-256color", "TMUX=/tmp/tmux-0/default,1,0"}, true, "\x1bPtmux;\x1b\x1b]52;c;"},
		"screen":            {[]string{"TERM=screen", "STY=1.pts"}, false, "\x1bP\x1b]52;c;"},
		"behind an ssh":     {[]string{"TERM=screen-256color"}, true, "\x1bP\x1b]52;c;"},
		"the Linux console": {[]string{"TERM=linux"}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			reading(t, c.environ, sources.Viewer, func(t *testing.T, r *reader) {
				r.Press("k", "y")
				if (r.Clipboard != "") != c.plain || !strings.HasPrefix(r.Raw, c.wrapped) || c.wrapped == "" && r.Raw != "" {
					t.Errorf("plain %q, wrapped %.40q", r.Clipboard, r.Raw)
				}
				if strings.ContainsAny(r.Clipboard, "\x1b\u202e") {
					t.Errorf("%q was copied", r.Clipboard)
				}
				if kept := c.wrapped == "" && !c.plain; kept != (len(r.copies) == 1) {
					t.Errorf("kept %d", len(r.copies))
				}
			})
		})
	}
}

func TestCopy_MarkedLinesTogetherAndWhatIsTooLongToAFile(t *testing.T) {
	reading(t, nil, sources.Viewer, func(t *testing.T, r *reader) {
		r.Press("k", "m", "k", "k", "M", "Y")
		if got := strings.Count(r.Clipboard, "\n"); got != 2 {
			t.Errorf("%d lines were copied: %q", got+1, r.Clipboard)
		}
		r.lines = 2000
		f := uitest.Incident(time.Now())
		f.Logs.Gen++
		r.feed.Put(f)
		r.Press("f", "k", "m", "g", "M", "Y")
		r.Must("/state/copy.txt")
		if len(r.copies) != 1 || len(r.copies[0]) < 75_000 {
			t.Errorf("kept %d texts", len(r.copies))
		}
	})
}

func TestLogKeys_FieldsArePinnedFromThePicker(t *testing.T) {
	reading(t, nil, sources.Viewer, func(t *testing.T, r *reader) {
		r.Press("F", "j", "p")
		r.Must("labels.track is a column now")
		if q := r.asked[len(r.asked)-1]; len(q.Fields) != 1 || q.Fields[0] != "labels.track" {
			t.Errorf("asked %+v", q)
		}
		r.Press("esc")
		r.Must("MESSAGE")
		r.Press("enter", "j", "j", "j", "&", "enter")
		r.Must("host.name:canary-2")
	})
}
