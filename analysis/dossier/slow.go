package dossier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// members calls visit for each member of a JSON object, in order; a member twice is an error.
func members(at string, raw []byte, visit func(name string, value json.RawMessage) error) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return bad(strings.TrimSuffix(at, "."), "want an object")
	}
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return malformed(raw, err)
		}
		name, _ := t.(string)
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return malformed(raw, err)
		}
		if seen[name] {
			return bad(at+name, "stands twice")
		}
		seen[name] = true
		if err := visit(name, value); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return malformed(raw, err)
	}
	return nil
}

// malformed says what is wrong with a line that is no JSON, and in which field.
func malformed(line []byte, err error) error {
	cause := err.Error()
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		cause = "the line is torn: its JSON does not end"
	}
	return &FieldError{Field: brokenField(line), Cause: cause}
}

// brokenField walks the tokens up to the first fault and names where it is.
func brokenField(line []byte) string {
	dec := json.NewDecoder(bytes.NewReader(line))
	type level struct {
		name   string
		object bool
		key    bool // a name is next
	}
	var stack []level
	for {
		t, err := dec.Token()
		if err != nil {
			var names []string
			for _, l := range stack {
				if l.name != "" {
					names = append(names, l.name)
				}
			}
			return strings.Join(names, ".")
		}
		top := len(stack) - 1
		switch {
		case t == json.Delim('{') || t == json.Delim('['):
			stack = append(stack, level{object: t == json.Delim('{'), key: t == json.Delim('{')})
			continue
		case t == json.Delim('}') || t == json.Delim(']'):
			stack = stack[:top]
			top--
		case top >= 0 && stack[top].key:
			stack[top].name, _ = t.(string)
			stack[top].key = false
			continue
		}
		if top >= 0 && stack[top].object {
			stack[top].name, stack[top].key = "", true
		}
	}
}

// wholeLine tells whether a line is exactly one JSON value.
func wholeLine(line []byte) error {
	if json.Valid(line) {
		return nil
	}
	var v any
	err := json.Unmarshal(line, &v)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) && strings.Contains(syntax.Error(), "unexpected end") {
		err = io.ErrUnexpectedEOF
	}
	return malformed(line, err)
}

// slow reads a block line by encoding/json and words what is wrong with it.
func (l *layout) slow(line []byte, b *Block) error {
	if err := wholeLine(line); err != nil {
		return err
	}
	var seen fields
	err := members("", line, func(name string, value json.RawMessage) (err error) {
		switch name {
		case "kind":
		case "t":
			seen |= sawTime
			b.End, err = instant(value)
		case "share":
			if !null(value) {
				b.ShareKnown = true
				b.Share, err = decimal("share", value)
			}
		case "legacy":
			seen |= sawLegacy
			err = l.slowArm("legacy", value, &b.Legacy)
		case "candidate":
			seen |= sawCandidate
			err = l.slowArm("candidate", value, &b.Candidate)
		default:
			err = bad(name, "no such field in a block")
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !seen.has(sawTime):
		return bad("t", "missing")
	case !seen.has(sawLegacy):
		return bad("legacy", "missing; null says that it was not scraped")
	case !seen.has(sawCandidate):
		return bad("candidate", "missing; null says that it was not scraped")
	}
	return nil
}

func (l *layout) slowArm(at string, raw json.RawMessage, a *Arm) error {
	if null(raw) {
		return nil
	}
	a.Scraped = true
	at += "."
	own := rawCounts{}
	seen := map[string]bool{}
	err := members(at, raw, func(name string, value json.RawMessage) error {
		seen[name] = true
		if own.take(name, value) {
			return nil
		}
		for _, i := range l.further {
			if m := l.header.Measures[i]; m.Name == name {
				return l.slowObject(at+name, value, m.Kind, &a.Counts[i])
			}
		}
		return bad(at+name, "no such field in an arm, and no such measure in the header")
	})
	if err != nil {
		return err
	}
	if err := l.slowOwn(at, own, a); err != nil {
		return err
	}
	for _, i := range l.further {
		if name := l.header.Measures[i].Name; !seen[name] {
			return bad(at+name, "missing; null says that it was not scraped")
		}
	}
	return nil
}

// slowOwn reads the counts that stand in the arm itself; they are checked also where no measure uses them.
func (l *layout) slowOwn(at string, own rawCounts, a *Arm) error {
	var spare Counts
	for _, part := range []struct {
		kind    Kind
		measure int
	}{{Errors, l.errors}, {Latency, l.latency}} {
		dst := &spare
		if part.measure >= 0 {
			dst = &a.Counts[part.measure]
		} else if own.field(part.kind) == nil {
			continue
		}
		if err := own.counts(at, part.kind, dst); err != nil {
			return err
		}
	}
	return nil
}

func (l *layout) slowObject(at string, raw json.RawMessage, kind Kind, n *Counts) error {
	if null(raw) {
		return nil
	}
	own := rawCounts{}
	err := members(at+".", raw, func(name string, value json.RawMessage) error {
		if !own.take(name, value) {
			return bad(at+"."+name, "no such field in a measure's counts")
		}
		return nil
	})
	if err != nil {
		return err
	}
	return own.counts(at+".", kind, n)
}

// rawCounts are the three fields of counts, not read yet.
type rawCounts struct{ requests, errors, latency json.RawMessage }

func (r *rawCounts) take(name string, value json.RawMessage) bool {
	switch name {
	case "requests":
		r.requests = value
	case "errors":
		r.errors = value
	case "latency":
		r.latency = value
	default:
		return false
	}
	return true
}

func (r *rawCounts) field(k Kind) json.RawMessage {
	if k == Errors {
		return r.errors
	}
	return r.latency
}

// counts reads a measure's counts; null in its own field says that it was not scraped.
func (r *rawCounts) counts(at string, kind Kind, n *Counts) error {
	name, value := kind.String(), r.field(kind)
	switch {
	case r.requests == nil:
		return bad(at+"requests", "missing")
	case value == nil:
		return bad(at+name, "missing; null says that it was not scraped")
	}
	var err error
	if n.Requests, err = count(at+"requests", r.requests); err != nil {
		return err
	}
	if null(value) {
		n.Requests = 0
		return nil
	}
	n.Known = true
	if kind == Errors {
		n.Errors, err = count(at+name, value)
		return err
	}
	var cells []json.RawMessage
	if err := json.Unmarshal(value, &cells); err != nil {
		return bad(at+name, "want a list of counts")
	}
	read := make([]int64, len(cells))
	for i, c := range cells {
		if read[i], err = count(fmt.Sprintf("%s%s[%d]", at, name, i), c); err != nil {
			return err
		}
	}
	if n.Cells != nil && len(read) == len(n.Cells) {
		copy(n.Cells, read)
		return nil
	}
	n.Cells = read
	return nil
}

func null(raw []byte) bool { return string(raw) == "null" }

// count reads a whole number; 7430.0 and 7.43e3 are one.
func count(at string, raw []byte) (int64, error) {
	f, err := decimal(at, raw)
	switch {
	case err != nil:
		return 0, err
	case f < 0:
		return 0, bad(at, "%s is negative", raw)
	case f != math.Trunc(f):
		return 0, bad(at, "%s is not a whole number", raw)
	case f > MaxCount:
		return 0, bad(at, "%s is too large", raw)
	}
	return int64(f), nil
}

func decimal(at string, raw []byte) (float64, error) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, bad(at, "%s is not a number", raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return 0, bad(at, "%s is out of range", raw)
	}
	return f, nil
}

func instant(raw []byte) (time.Time, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return time.Time{}, bad("t", "%s is not a time as text", raw)
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, bad("t", "%q is not a time such as 2026-01-05T14:00:15Z", s)
	}
	return t.UTC(), nil
}
