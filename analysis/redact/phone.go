package redact

// phone looks for a telephone number that starts at i with a plus, a bracket or a digit. Bare digits are none: they are
// clocks and ids, unless their field says otherwise (see field).
func (s *scanner) phone(i int) int {
	var to int
	switch s.b[i] {
	case '+':
		to = international(s.b, i)
	case '(':
		to = bracketed(s.b, i)
	default:
		to = national(s.b, i)
	}
	if to == 0 || !s.bounded(i, to) || is(s.b, i-1, isTrigger) && s.b[i-1] != '=' && s.b[i-1] != ':' && s.b[i-1] != '(' {
		return 0
	}
	if to < len(s.b) && contains("@/.:-", s.b[to]) && is(s.b, to+1, isWord) || i > 0 && contains("./_", s.b[i-1]) {
		return 0
	}
	return s.hit(Phone, i, to)
}

// international reads +49 151 2345678 and the like (ITU-T E.164: at most 15 digits, no country code starts with 0). Without
// any separator ten digits are asked for: +1234567 is a difference.
func international(b []byte, i int) int {
	if !is(b, i+1, isDigit) || b[i+1] == '0' {
		return 0
	}
	digits, seps, to := 0, 0, 0
	for j := i + 1; j < len(b) && digits <= 15; j++ {
		switch {
		case is(b, j, isDigit):
			digits++
			to = j + 1
		case contains(" .-()/", b[j]) && j-to < 2:
			seps++
		default:
			j = len(b)
		}
	}
	if digits > 15 || digits < 8 || to-i-1 == digits && digits < 10 {
		return 0
	}
	return to
}

// bracketed reads (415) 555-2671, with or without the blank.
func bracketed(b []byte, i int) int {
	area := digitsAt(b, i+1)
	if area.len() != 3 || b[area.from] < '2' || area.to >= len(b) || b[area.to] != ')' {
		return 0
	}
	j := area.to + 1
	if j < len(b) && b[j] == ' ' {
		j++
	}
	var room [mostGroups]run
	groups, sep := groupsAt(b, j, "-.", room[:0])
	if sep == 0 || groups[0].len() != 3 || groups[1].len() != 4 {
		return 0
	}
	return groups[1].to
}

// groupMarks are what the groups of a national number are parted by.
const groupMarks = "-./ "

// national reads 415-555-2671 and 1-415-555-2671, and numbers with a trunk 0 such as 030/1234567 and 0151 23456789.
func national(b []byte, i int) int {
	var room [mostGroups]run
	groups, _ := groupsAt(b, i, groupMarks, room[:0])
	if len(groups) < 2 {
		return 0
	}
	if sep := b[groups[0].to]; sep == '-' || sep == '.' {
		g := groups
		if len(g) == 4 && g[0].len() == 1 && b[i] == '1' {
			g = g[1:]
		}
		if len(g) == 3 && g[0].len() == 3 && g[1].len() == 3 && g[2].len() == 4 && b[g[0].from] >= '2' && b[g[1].from] >= '2' {
			return g[2].to
		}
	}
	first, rest := groups[0].len(), 0
	for _, g := range groups[1:] {
		rest += g.len()
	}
	if b[i] != '0' || first < 3 || first > 5 || b[i+1] == '0' || rest < 5 || first+rest < 9 || first+rest > 12 || len(groups) > 4 || b[groups[0].to] == '.' {
		return 0
	}
	return groups[len(groups)-1].to
}

// dialled reads the digits of a field that is known to hold a number.
func dialled(b []byte, i int) int {
	if i < len(b) && (b[i] == '+' || b[i] == '(') {
		i++
	}
	digits, to := 0, 0
	for j := i; j < len(b) && digits <= 15; j++ {
		switch {
		case is(b, j, isDigit):
			digits++
			to = j + 1
		case !contains(" .-()/", b[j]) || j-to >= 2 || digits == 0:
			j = len(b)
		}
	}
	if digits < 7 || digits > 15 || is(b, to, isWord) {
		return 0
	}
	return to
}
