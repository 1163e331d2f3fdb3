package redact

// The classes of a byte: what it may start, and what it may be part of.
const (
	isDigit uint8 = 1 << iota
	isUpper
	isLower
	isTrigger // a detector looks at it wherever it stands
)

const (
	isLetter = isUpper | isLower
	isWord   = isLetter | isDigit
)

var triggers = triggerTable()

func triggerTable() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] = isDigit
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = isLower, isUpper
	}
	for _, c := range "@=:+(-" {
		t[c] = isTrigger
	}
	t[opening[0]] = isTrigger
	return t
}

func is(b []byte, i int, class uint8) bool {
	return i >= 0 && i < len(b) && triggers[b[i]]&class != 0
}

// scanner is one pass over b. hits[base:] are those of this pass; last is where the newest ends.
type scanner struct {
	r    *Redactor
	b    []byte
	hits []Hit
	base int
	last int
}

func (s *scanner) run() {
	b := s.b
	for i := 0; i < len(b); {
		switch k := triggers[b[i]]; {
		case k == 0:
			i++
		case k&isWord != 0:
			i = s.word(i)
		default:
			i = s.sign(i)
		}
	}
}

// word looks at a run of letters, or of digits, that starts at i, and returns where to go on. A number inside a word may
// still be a card.
func (s *scanner) word(i int) int {
	class := triggers[s.b[i]] & isDigit
	if class == 0 {
		class = isLetter
	}
	end := i + 1
	for end < len(s.b) && triggers[s.b[end]]&class != 0 {
		end++
	}
	to := 0
	switch {
	case class == isDigit:
		to = s.number(run{i, end})
	case s.r.ip || mayStart(s.b[i:]):
		to = s.prefixed(i)
	}
	if to > i {
		return to
	}
	return end
}

// sign looks at a byte that may stand in the middle of something, and returns where to go on.
func (s *scanner) sign(i int) int {
	var to int
	switch s.b[i] {
	case '@':
		to = s.at(i)
	case '=', ':':
		to = s.field(i)
	case '+', '(':
		to = s.phone(i)
	case '-':
		to = s.privateKey(i)
	default:
		if to = s.r.placeholderAt(s.b, i); to > 0 {
			return to
		}
	}
	return max(to, i+1)
}

// hit takes b[from:to] as found unless its kind is off; it returns to, or 0. Hits that reach back swallow earlier ones.
func (s *scanner) hit(k Kind, from, to int) int {
	if s.r.off[k] || to <= from {
		return 0
	}
	for n := len(s.hits); n > s.base && s.hits[n-1].To > from; n = len(s.hits) {
		from = min(from, s.hits[n-1].From)
		s.hits = s.hits[:n-1]
	}
	s.hits = append(s.hits, Hit{k, from, to})
	s.last = to
	return to
}

// bounded tells whether nothing of a word stands right before from or right after to; a placeholder counts as a word, as
// what it stands for did.
func (s *scanner) bounded(from, to int) bool {
	return !is(s.b, from-1, isWord) && !is(s.b, to, isWord) && s.r.placeholderBefore(s.b, from) < 0 && s.r.placeholderAt(s.b, to) == 0
}
