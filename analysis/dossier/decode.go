package dossier

// layout tells where each measure's counts stand in an arm.
type layout struct {
	header  *Header
	errors  int // the measure whose counts are the arm's own errors; -1: none
	latency int // the measure whose counts are the arm's own cells; -1: none
	further []int
	need    fields // what an arm must have
}

func newLayout(h *Header) *layout {
	l := &layout{header: h, errors: -1, latency: -1, need: sawRequests}
	for i, m := range h.Measures {
		switch {
		case !h.slot(i):
			l.further = append(l.further, i)
		case m.Kind == Errors:
			l.errors, l.need = i, l.need|sawErrors
		default:
			l.latency, l.need = i, l.need|sawLatency
		}
	}
	return l
}

// fields are the parts seen, so that none stands twice and none is missing.
type fields uint16

const (
	sawTime fields = 1 << iota
	sawShare
	sawLegacy
	sawCandidate
	sawRequests
	sawErrors
	sawLatency
	sawStrata
)

func (f *fields) once(part fields) bool {
	if *f&part != 0 {
		return false
	}
	*f |= part
	return true
}

func (f fields) has(all fields) bool { return f&all == all }

// fast reads a block line of the usual shape, with "kind":"block" first; false: read it the other way.
func (l *layout) fast(line []byte, b *Block) bool {
	c := &cursor{b: line}
	var seen fields
	if !c.byte('{') || !c.word(`"kind"`) || !c.byte(':') || !c.word(`"block"`) {
		return false
	}
	for c.byte(',') {
		k, ok := c.key()
		if !ok {
			return false
		}
		switch string(k) {
		case "t":
			ok = seen.once(sawTime) && c.instant(&b.End)
		case "share":
			ok = seen.once(sawShare) && l.share(c, b)
		case "legacy":
			ok = seen.once(sawLegacy) && l.arm(c, &b.Legacy)
		case "candidate":
			ok = seen.once(sawCandidate) && l.arm(c, &b.Candidate)
		case "strata":
			ok = seen.once(sawStrata) && l.strata(c, b)
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	return c.byte('}') && c.i == len(c.b) && seen.has(sawTime|sawLegacy|sawCandidate)
}

func (l *layout) share(c *cursor, b *Block) bool {
	if c.word("null") {
		return true
	}
	b.ShareKnown = true
	return c.fraction(&b.Share)
}

// arm reads one arm's object, or null.
func (l *layout) arm(c *cursor, a *Arm) bool {
	if c.word("null") {
		return true
	}
	a.Scraped = true
	var requests, errors int64
	var seen fields
	more := 0
	for first := true; c.peek() == ',' || first; first = false {
		if !c.byte([2]byte{',', '{'}[btoi(first)]) {
			return false
		}
		k, ok := c.key()
		if !ok {
			return false
		}
		switch string(k) {
		case "requests":
			ok = seen.once(sawRequests) && c.count(&requests)
		case "errors":
			ok = l.errors >= 0 && seen.once(sawErrors) && c.count(&errors)
		case "latency":
			ok = l.latency >= 0 && seen.once(sawLatency) && c.cells(a.Counts[l.latency].Cells)
		default:
			// Further measures in the header's order.
			ok = more < len(l.further) && string(k) == l.header.Measures[l.further[more]].Name && l.object(c, l.further[more], a)
			more++
		}
		if !ok {
			return false
		}
		c.space()
	}
	if !c.byte('}') || !seen.has(l.need) || more != len(l.further) {
		return false
	}
	l.own(a, requests, errors)
	return true
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// own sets the counts that stand in the arm itself.
func (l *layout) own(a *Arm, requests, errors int64) {
	if l.errors >= 0 {
		a.Counts[l.errors].Known = true
		a.Counts[l.errors].Requests, a.Counts[l.errors].Errors = requests, errors
	}
	if l.latency >= 0 {
		a.Counts[l.latency].Known = true
		a.Counts[l.latency].Requests = requests
	}
}

// object reads a further measure's counts: requests first, then its own field.
func (l *layout) object(c *cursor, measure int, a *Arm) bool {
	n := &a.Counts[measure]
	n.Known = true
	if !c.byte('{') || !c.word(`"requests"`) || !c.byte(':') || !c.count(&n.Requests) || !c.byte(',') {
		return false
	}
	k, ok := c.key()
	if !ok {
		return false
	}
	if l.header.Measures[measure].Kind == Errors {
		ok = string(k) == "errors" && c.count(&n.Errors)
	} else {
		ok = string(k) == "latency" && c.cells(n.Cells)
	}
	return ok && c.byte('}')
}

// cells reads exactly as many counts as there is room for.
func (c *cursor) cells(dst []int64) bool {
	if !c.byte('[') {
		return false
	}
	for i := range dst {
		if i > 0 && !c.byte(',') {
			return false
		}
		if !c.count(&dst[i]) {
			return false
		}
	}
	return c.byte(']')
}

// kindOf tells a line's kind when it is its first field, which is how lines are written; nil: look closer.
func kindOf(line []byte) []byte {
	c := &cursor{b: line}
	if !c.byte('{') || !c.word(`"kind"`) || !c.byte(':') {
		return nil
	}
	kind, ok := c.text()
	if !ok {
		return nil
	}
	return kind
}
