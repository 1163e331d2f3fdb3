package redact

// card looks for the number of a payment card in digits that start at i: in one piece, or in the groups that are printed
// on cards, 4-4-4-4, 4-4-4-4-3, 4-6-5 and 4-6-4.
func (s *scanner) card(i int) int {
	var room [mostGroups]run
	groups, _ := groupsAt(s.b, i, " -", room[:0])
	var digits [19]byte
	for n := min(len(groups), 5); n > 0; n-- {
		if !cardShape(groups[:n]) {
			continue
		}
		d := digits[:0]
		for _, g := range groups[:n] {
			d = append(d, s.b[g.from:g.to]...)
		}
		if issued(d) && luhn(d) {
			return s.hit(Card, i, groups[n-1].to)
		}
	}
	return 0
}

func cardShape(groups []run) bool {
	if len(groups) == 1 {
		return groups[0].len() >= 13 && groups[0].len() <= 19
	}
	if groups[0].len() != 4 {
		return false
	}
	switch len(groups) {
	case 3:
		return groups[1].len() == 6 && (groups[2].len() == 5 || groups[2].len() == 4)
	case 4, 5:
		return groups[1].len() == 4 && groups[2].len() == 4 && groups[3].len() == 4 && (len(groups) == 4 || groups[4].len() <= 3)
	}
	return false
}

// issued tells whether cards of this length start with these digits (ISO/IEC 7812: 2 to 6 are those of banks and travel).
// Numbers that start otherwise are mostly clocks and ids.
func issued(d []byte) bool {
	two := int(d[0]-'0')*10 + int(d[1]-'0')
	switch len(d) {
	case 13:
		return d[0] == '4' || two == 50 || two == 56
	case 14:
		return two == 30 || two == 36 || two == 38 || two == 39
	case 15:
		return two == 34 || two == 37
	case 16:
		return d[0] >= '3' && d[0] <= '6' || two >= 22 && two <= 27 || string(d[:4]) == "9792"
	default:
		return d[0] == '4' || d[0] == '6' || two == 50 || two >= 56 && two <= 58 || two == 35
	}
}

// luhn tells whether the check digit is right (ISO/IEC 7812-1, annex B).
func luhn(digits []byte) bool {
	sum := 0
	for i, c := range digits {
		d := int(c - '0')
		if (len(digits)-i)%2 == 0 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
