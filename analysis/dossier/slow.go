package dossier

import (
	"encoding/json"
	"fmt"
)

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
		case "strata":
			err = l.slowStrata(value, b)
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
		if err := l.slowPart(at, own, part.kind, dst); err != nil {
			return err
		}
	}
	return nil
}

// slowPart reads one measure's counts in the arm itself: of the arm's requests, or an object with requests of its own.
func (l *layout) slowPart(at string, own rawCounts, kind Kind, dst *Counts) error {
	if raw := own.field(kind); own.requests != nil && len(raw) > 0 && raw[0] == '{' {
		return l.slowObject(at+kind.String(), raw, kind, dst)
	}
	return own.counts(at, kind, dst)
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
