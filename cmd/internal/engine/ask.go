package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"rampart/analysis/frame"
	"rampart/sources"
)

// defaultPage is how many lines a page holds when the question does not say.
const defaultPage = 200

// Lines answers a question about held lines, newest first. A bad regular expression is an error that says where.
func (e *Engine) Lines(ctx context.Context, q frame.LogsQuery) (frame.LogsPage, error) {
	match, err := matcher(q)
	if err != nil {
		return frame.LogsPage{}, err
	}
	limit := q.Limit
	if limit <= 0 {
		limit = defaultPage
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.logs.ring
	page := frame.LogsPage{Held: int64(r.len()), Gen: r.gen}
	for _, l := range slices.Backward(r.lines) {
		if ctx.Err() != nil {
			return page, ctx.Err()
		}
		if !q.Before.IsZero() && !l.At.Before(q.Before) || !match(l) {
			continue
		}
		page.Matched++
		if len(page.Lines) < limit {
			page.Lines = append(page.Lines, lineView(l))
		} else {
			page.More = true
		}
	}
	return page, nil
}

// matcher turns a question into a test of one line.
func matcher(q frame.LogsQuery) (func(heldLine) bool, error) {
	text := func(string) bool { return true }
	switch {
	case q.Match != "" && q.Regexp:
		re, err := regexp.Compile(q.Match)
		if err != nil {
			return nil, fmt.Errorf("filter %q: %w", q.Match, err)
		}
		text = re.MatchString
	case q.Match != "":
		want := strings.ToLower(q.Match)
		text = func(s string) bool { return strings.Contains(strings.ToLower(s), want) }
	}
	return func(l heldLine) bool {
		switch {
		case q.Arm != 0 && l.Arm != q.Arm, q.Level != 0 && l.Level < q.Level, q.Pattern != 0 && l.pattern != q.Pattern:
			return false
		}
		return text(l.Message.String()) != q.Not || q.Match == ""
	}, nil
}

func lineView(l heldLine) frame.LogLine {
	return frame.LogLine{ID: l.ID, At: l.At, Arm: l.Arm, Level: l.Level, Message: l.Message, Late: l.Late, Pattern: l.pattern}
}

// Line opens one held line with all its fields.
func (e *Engine) Line(_ context.Context, id string) (frame.LogLine, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range slices.Backward(e.logs.ring.lines) {
		if l.ID == id {
			v := lineView(l)
			v.Fields = e.fields(l.Source)
			return v, nil
		}
	}
	return frame.LogLine{}, errors.New("log line: no longer held")
}

// fields flattens a document into dotted names, in the document's order, masked.
func (e *Engine) fields(doc []byte) []frame.Field {
	var out []frame.Field
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var root any
	if err := dec.Decode(&root); err != nil {
		return nil
	}
	e.flatten("", root, 0, &out)
	return out
}

const (
	mostFields = 2000
	mostDepth  = 32
)

func (e *Engine) flatten(name string, v any, depth int, out *[]frame.Field) {
	if len(*out) >= mostFields {
		return
	}
	m, ok := v.(map[string]any)
	if !ok || depth >= mostDepth {
		text, isText := v.(string)
		if !isText {
			b, err := json.Marshal(v)
			if err != nil {
				return
			}
			text = string(b)
		}
		*out = append(*out, frame.Field{Name: sources.NewText(name), Value: e.logs.set.Mask(sources.NewText(text))})
		return
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		child := k
		if name != "" {
			child = name + "." + k
		}
		e.flatten(child, m[k], depth+1, out)
	}
}
