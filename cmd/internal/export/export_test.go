package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// heldLines are lines in memory, many of one instant.
type heldLines []frame.LogLine

func manyLines(n, ofOneInstant int) (out heldLines) {
	for i := range n {
		out = append(out, frame.LogLine{
			ID: fmt.Sprint(i), At: noon.Add(time.Duration(i/ofOneInstant) * time.Second), Arm: sources.Candidate, Level: sources.LevelError,
			Message: sources.NewText(fmt.Sprintf("line %d \x1b]52;c;aGk=\x07\u202e", i)),
		})
	}
	return out
}

func (h heldLines) Dressed(_ context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	page := frame.LogsPage{Held: int64(len(h))}
	if q.Bare {
		return page, errors.New("asked for lines without masks")
	}
	for _, l := range h {
		if l.At.Before(q.After) {
			continue
		}
		if page.More = len(page.Lines) == q.Limit; page.More {
			break
		}
		page.Lines = append(page.Lines, l)
	}
	slices.Reverse(page.Lines)
	return page, nil
}

func (h heldLines) Line(_ context.Context, id string) (frame.LogLine, error) {
	for _, l := range h {
		if l.ID == id {
			l.Fields = []frame.Field{{Name: sources.NewText("a\x1b[2Jb"), Value: sources.NewText("v\x00")}}
			return l, nil
		}
	}
	return frame.LogLine{}, sources.ErrNoData
}

func TestExport_HoldsEachLineOfTheWindowOnceBehindItsQuestion(t *testing.T) {
	for _, instant := range []int{1, 7, 2500} {
		w := sources.Window{From: noon, To: noon.Add(3000 * time.Second)}
		head := HeadOf(&frame.Frame{Service: "ranker", At: noon, Queries: []frame.Query{{Panel: "logs", Text: "GET logs/_search"}}}, frame.LogsQuery{Terms: []string{"level:error"}}, w)
		path, n, err := File(t.TempDir(), "ranker", head, func(out io.Writer) (int, error) {
			return Lines(t.Context(), out, manyLines(5000, instant), frame.LogsQuery{Bare: true}, w)
		})
		want := min(5000, 3000*instant)
		if err != nil || n != want {
			t.Fatalf("%d of one instant: %d lines, want %d, %v", instant, n, want, err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(strings.TrimSpace(string(b)), "\n")
		if len(rows) != want+1 || !strings.Contains(rows[0], `"filter":["level:error"]`) || !strings.Contains(rows[0], "GET logs/_search") || !strings.Contains(rows[0], `"masked":true`) {
			t.Fatalf("%d rows, the first is %s", len(rows), rows[0])
		}
		seen := map[string]bool{}
		for _, r := range rows[1:] {
			var l struct{ Message string }
			if err := json.Unmarshal([]byte(r), &l); err != nil || seen[l.Message] {
				t.Fatalf("%s: %v, twice %v", r, err, seen[l.Message])
			}
			seen[l.Message] = true
		}
	}
}

func TestExport_HoldsNothingThatCommandsATerminal(t *testing.T) {
	var b bytes.Buffer
	if _, err := Lines(t.Context(), &b, manyLines(10, 1), frame.LogsQuery{}, sources.Window{From: noon, To: noon.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	for _, r := range b.String() {
		if r != '\n' && sources.Visible(string(r)) != string(r) {
			t.Fatalf("%q is in the file", r)
		}
	}
}

func TestExport_APartIsTakenAwayAgain(t *testing.T) {
	dir := t.TempDir()
	broken := errors.New("the runner went away")
	_, _, err := File(dir, "ranker", Head{}, func(out io.Writer) (int, error) {
		_, _ = io.WriteString(out, "{}\n")
		return 1, broken
	})
	left, _ := os.ReadDir(dir)
	if !errors.Is(err, broken) || len(left) > 0 {
		t.Errorf("%v; %d files are left", err, len(left))
	}
}
