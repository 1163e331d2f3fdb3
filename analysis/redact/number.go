package redact

// number looks at a run of digits, and returns the end of a hit or 0. Its length and the byte behind it tell most numbers
// apart before anything else is read.
func (s *scanner) number(d run) int {
	n, next := d.len(), byte(0)
	if d.to < len(s.b) {
		next = s.b[d.to]
	}
	if n == 4 && (next == ' ' || next == '-') || n >= 13 && n <= 19 {
		if to := s.card(d.from); to > 0 {
			return to
		}
	}
	if s.r.ip && n <= 4 {
		if to := s.ip(d.from); to > 0 {
			return to
		}
	}
	if (n == 3 || n == 1 && s.b[d.from] == '1' || n <= 5 && s.b[d.from] == '0') && contains(groupMarks, next) {
		return s.phone(d.from)
	}
	return 0
}

// run is a stretch of digits.
type run struct{ from, to int }

func (r run) len() int { return r.to - r.from }

// digitsAt returns the run of digits that starts at i, empty when none does.
func digitsAt(b []byte, i int) run {
	r := run{i, i}
	for r.to < len(b) && b[r.to] >= '0' && b[r.to] <= '9' {
		r.to++
	}
	return r
}

const mostGroups = 6

// groupsAt reads up to mostGroups runs of digits from i that one and the same of the separators stands between, and
// returns that separator, 0 for a single run.
func groupsAt(b []byte, i int, seps string, dst []run) ([]run, byte) {
	dst = append(dst, digitsAt(b, i))
	var sep byte
	for len(dst) < mostGroups {
		at := dst[len(dst)-1].to
		if at+1 >= len(b) || sep != 0 && b[at] != sep || !contains(seps, b[at]) {
			break
		}
		next := digitsAt(b, at+1)
		if next.len() == 0 {
			break
		}
		sep = b[at]
		dst = append(dst, next)
	}
	return dst, sep
}

func contains(set string, c byte) bool {
	for i := range len(set) {
		if set[i] == c {
			return true
		}
	}
	return false
}
