package logbook

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/redact"
	"rampart/sources"
)

// sensitive counts lines that held sensitive text, by kind and arm. The document is looked at, not the message alone: a
// card number in a field of its own is as bad.
type sensitive struct {
	step  time.Duration
	lines map[redact.Kind]*sources.ByArm[int64] // since the book began
	open  map[int64]*hits                       // by the nanosecond at which a block ends
	ready []SensitiveBlock                      // closed and not yet taken, oldest first
	kinds map[redact.Kind]bool                  // scratch, of one line
	tally redact.Tally                          // scratch, of one line
	found []redact.Hit                          // scratch, of one text
	text  []byte                                // scratch, of one message
	shown []byte                                // scratch, of one message, masked
}

// hits are a block's lines with sensitive text.
type hits struct {
	any  sources.ByArm[int64]
	kind map[redact.Kind]*sources.ByArm[int64]
}

// SensitiveBlock is one block's requests and its lines that held sensitive text.
type SensitiveBlock struct {
	End      time.Time
	Requests sources.ByArm[int64]
	Lines    sources.ByArm[int64]
	Kinds    map[redact.Kind]sources.ByArm[int64]
}

// mostReady bounds blocks that nobody takes.
const mostReady = 512

func newSensitive(step time.Duration) *sensitive {
	return &sensitive{
		step: step, lines: map[redact.Kind]*sources.ByArm[int64]{}, open: map[int64]*hits{},
		kinds: map[redact.Kind]bool{}, tally: redact.Tally{},
	}
}

// mask counts what a line held and returns its message as it is and masked, good until the next line, and the masked one as
// a text: the message itself where nothing is masked, so that most lines cost no memory here.
func (s *sensitive) mask(r *redact.Redactor, line sources.LogLine) (text, masked []byte, shown sources.Text) {
	clear(s.tally)
	clear(s.kinds)
	s.text = append(s.text[:0], line.Message.Raw()...)
	masked, shown = s.text, line.Message
	if s.found = r.Find(s.found[:0], s.text); len(s.found) > 0 {
		s.shown = r.AppendMasked(s.shown[:0], s.text, s.tally)
		masked, shown = s.shown, sources.NewText(string(s.shown))
	}
	for k := range s.tally {
		s.kinds[k] = true
	}
	s.find(r, line.Source)
	if len(s.kinds) > 0 && line.Arm != 0 {
		s.count(line)
	}
	return s.text, masked, shown
}

// held tells which kinds a line holds; good until the next line.
func (s *sensitive) held(r *redact.Redactor, text, doc []byte) map[redact.Kind]bool {
	clear(s.kinds)
	s.found = r.Find(s.found[:0], text)
	for _, h := range s.found {
		s.kinds[h.Kind] = true
	}
	s.find(r, doc)
	return s.kinds
}

// find adds the kinds that a document holds.
func (s *sensitive) find(r *redact.Redactor, doc []byte) {
	s.found = r.Find(s.found[:0], doc)
	for _, h := range s.found {
		if h.Kind != redact.Card || !fraction(doc[:h.From]) && !within(doc, h) {
			s.kinds[h.Kind] = true
		}
	}
}

// fraction tells whether what follows is the fraction of a number: a score has sixteen digits too, and one in ten of them
// passes Luhn's check.
func fraction(before []byte) bool {
	i := len(before)
	for i > 0 && before[i-1] >= '0' && before[i-1] <= '9' {
		i--
	}
	return i > 1 && before[i-1] == '.' && before[i-2] >= '0' && before[i-2] <= '9'
}

// within tells whether a hit stands inside a word, as a run of digits in a trace id does.
func within(doc []byte, h redact.Hit) bool {
	letter := func(i int) bool {
		return i >= 0 && i < len(doc) && (doc[i]|0x20 >= 'a' && doc[i]|0x20 <= 'z')
	}
	return letter(h.From-1) || letter(h.To)
}

// count takes a line that held the kinds in s.kinds.
func (s *sensitive) count(line sources.LogLine) {
	end := sources.Align(line.At, s.step).Add(s.step).UnixNano()
	b := s.open[end]
	if b == nil && len(s.open) < mostReady {
		b = &hits{kind: map[redact.Kind]*sources.ByArm[int64]{}}
		s.open[end] = b
	}
	for k := range s.kinds {
		add(s.lines, k, line.Arm)
		if b != nil {
			add(b.kind, k, line.Arm)
		}
	}
	if b != nil {
		*b.any.Ptr(line.Arm)++
	}
}

func add(to map[redact.Kind]*sources.ByArm[int64], k redact.Kind, arm sources.Arm) {
	if to[k] == nil {
		to[k] = &sources.ByArm[int64]{}
	}
	*to[k].Ptr(arm)++
}

// close takes a block's requests; older blocks that are still open are dropped. A block that began before lines were read
// says nothing: that none was seen in it is no news.
func (s *sensitive) close(b Requests, from time.Time) {
	end := b.End.UnixNano()
	h := s.open[end]
	maps.DeleteFunc(s.open, func(at int64, _ *hits) bool { return at <= end })
	if b.N.Legacy == nil || b.N.Candidate == nil || b.End.Add(-s.step).Before(from) {
		return
	}
	block := SensitiveBlock{End: b.End, Requests: sources.ByArm[int64]{Legacy: *b.N.Legacy, Candidate: *b.N.Candidate}, Kinds: map[redact.Kind]sources.ByArm[int64]{}}
	if h != nil {
		block.Lines = h.any
		for k, n := range h.kind {
			block.Kinds[k] = *n
		}
	}
	s.ready = append(s.ready, block)
	s.ready = slices.Delete(s.ready, 0, max(0, len(s.ready)-mostReady))
}

// maskedKinds are what was masked, by kind, with the evidence that the candidate writes more of it.
func (l *Book) maskedKinds() []frame.Sensitive {
	rows := l.peers.kinds.ByID()
	var out []frame.Sensitive
	for k, n := range l.sensitive.lines {
		v := frame.Sensitive{Kind: string(k), Hits: *n, Mark: analysis.MarkReport, Evidence: analysis.Missing("not compared yet: its blocks are not closed")}
		if r, ok := rows[sensitiveID(k)]; ok {
			v.Mark, v.Evidence = markOf(r, l.alpha()), evidence(r.LogE, r.Lines.Legacy+r.Lines.Candidate)
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b frame.Sensitive) int {
		return cmp.Or(cmp.Compare(b.Hits.Candidate, a.Hits.Candidate), cmp.Compare(a.Kind, b.Kind))
	})
	return out
}

// TakeSensitive hands out the blocks of sensitive lines that were closed since it was asked last, oldest first.
func (l *Book) TakeSensitive() []SensitiveBlock {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := l.sensitive.ready
	l.sensitive.ready = nil
	return out
}
