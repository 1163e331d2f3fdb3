package logtmpl

import "bytes"

const (
	escape       = 0x1b
	longestQuote = 4096
	longestDump  = 1024
	longestAngle = 40
)

// tail looks at the byte that ended the chunk b[i:j]. It returns where the chunk ends after all and whether it is a
// variable for that alone: an address with a scheme, a drive, a port or a line number, a path with a query, a host range.
func tail(b []byte, i, j int, sum uint64) (end int, isVar bool) {
	if j+1 >= len(b) {
		return j, false
	}
	next := b[j+1]
	switch b[j] {
	case ':':
		if next == '/' && j+2 < len(b) && b[j+2] == '/' && sum&letters != 0 || next == '\\' && j == i+1 {
			return endOfAddress(b, j), true
		}
		if sum&notHex == 0 && j-i <= 4 {
			if end = endOfGroups(b, i); end > j {
				return end, true
			}
		}
		return j, sum&signs != 0 && classes[next]&isDigit != 0 && endsAsSource(b[i:j])
	case '=':
		if sum&signs != 0 && bytes.IndexByte(b[i:j], '?') > 0 {
			return endOfAddress(b, j), true
		}
	case '\'':
		if classes[b[j-1]]&classes[next]&isLetter != 0 {
			for j++; j < len(b) && classes[b[j]]&isChunk != 0; j++ {
			}
		}
	case '[':
		if b[j-1] == '-' && classes[next]&isDigit != 0 {
			if n := bytes.IndexByte(b[j:min(len(b), j+longestAngle)], ']'); n > 0 {
				return j + n + 1, true
			}
		}
	}
	return j, false
}

// endOfGroups returns the end of three or more groups of hex digits with colons between them (a hardware address, an IPv6
// address, a time) that start at i, 0 when there are none.
func endOfGroups(b []byte, i int) int {
	groups, digits := 0, 0
	for ; i < len(b); i++ {
		switch k := classes[b[i]]; {
		case b[i] == ':':
			digits = 0
		case k&isChunk == 0:
			return atLeastThree(groups, i)
		case k&isNotHex != 0 || digits == 4:
			return 0
		default:
			if digits == 0 {
				groups++
			}
			digits++
		}
	}
	return atLeastThree(groups, i)
}

func atLeastThree(groups, end int) int {
	if groups < 3 {
		return 0
	}
	return end
}

func endOfAddress(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case ' ', '\t', '"', '\'', '<', '>', '(', ')', '[', ']', '{', '}', ',', ';':
			return i
		}
	}
	return i
}

// bracket looks at = and <. A bracketed value after = is one variable, whatever it lists; "<1" says less than one.
func bracket(b []byte, i int) (atomKind, int) {
	if b[i] == '=' {
		if to := endOfDump(b, i+1); to > 0 {
			return variable, to
		}
		return mark, i + 1
	}
	j := i + 1
	for j < len(b) && classes[b[j]]&isDigit != 0 {
		j++
	}
	if j > i+1 && bytes.IndexByte(b[i:min(len(b), i+longestAngle)], '>') < 0 {
		return variable, j
	}
	return mark, i + 1
}

// endOfDump returns the end of a value such as "Name{...}", "[a, b]" or "(1)(2)" that starts at i, 0 when there is none.
func endOfDump(b []byte, i int) (end int) {
	if i < len(b) && classes[b[i]]&isLetter == 0 && !opens(b[i]) {
		return 0
	}
	for i < len(b) && classes[b[i]]&(isChunk|isSign) == isChunk {
		i++
	}
	for i < len(b) && opens(b[i]) {
		i = balanced(b, i)
		if i == 0 {
			return end
		}
		end = i
	}
	return end
}

func opens(c byte) bool { return c == '{' || c == '[' || c == '(' }

// balanced returns the place after the bracket that closes the one at i, 0 when it is too far.
func balanced(b []byte, i int) int {
	depth := 0
	for j := i; j < len(b) && j-i < longestDump; j++ {
		switch b[j] {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
			if depth == 0 {
				return j + 1
			}
		}
	}
	return 0
}

// quoted looks at the quote that opens at i and returns what its content is, and where that ends.
func quoted(b []byte, i int) (atomKind, int) {
	q := b[i]
	if q == '\'' && i > 0 && classes[b[i-1]]&isChunk != 0 {
		return mark, -1
	}
	n := closing(b[i+1:min(len(b), i+1+longestQuote)], q)
	if n < 0 {
		return mark, -1
	}
	from, to := i+1, i+1+n
	var next byte
	if to+1 < len(b) {
		next = b[to+1]
	}
	switch {
	case q == '\'' && classes[next]&isLetter != 0:
		return mark, -1
	case next == ':' && keyLike(b[from:to]):
		return word, to
	case httpMethod(b[from:to]), opensMessage(b, i):
		return mark, to
	}
	return variable, to
}

const longestKey = 48

// keyLike tells the name of a field in JSON from a quoted value that a colon happens to follow.
func keyLike(s []byte) bool {
	if len(s) == 0 || len(s) > longestKey || classes[s[0]]&isLetter == 0 && s[0] != '_' && s[0] != '@' {
		return false
	}
	for _, c := range s {
		if classes[c]&isChunk == 0 || c == '/' || c == '\\' {
			return false
		}
	}
	return true
}

// closing returns the index of the closing quote q, -1 when there is none; a quote after a back slash does not close.
func closing(b []byte, q byte) int {
	for from := 0; ; {
		n := bytes.IndexByte(b[from:], q)
		if n < 0 {
			return -1
		}
		n += from
		if n == 0 || b[n-1] != '\\' {
			return n
		}
		from = n + 1
	}
}

// opensMessage tells whether the quote at i holds prose: it starts the line, or its key says so.
func opensMessage(b []byte, i int) bool {
	if i == 0 {
		return true
	}
	for i > 0 && b[i-1] == ' ' {
		i--
	}
	if i == 0 || b[i-1] != '=' && b[i-1] != ':' {
		return false
	}
	i--
	if i > 0 && (b[i-1] == '"' || b[i-1] == '\'') {
		i--
	}
	to := i
	for i > 0 && classes[b[i-1]]&isLetter != 0 {
		i--
	}
	return messageKey(b[i:to])
}

// endOfEscape returns the end of a terminal's colour sequence at i, i+1 when there is none: colour is no part of a line.
func endOfEscape(b []byte, i int) int {
	if i+1 >= len(b) || b[i+1] != '[' {
		return i + 1
	}
	for j := i + 2; j < len(b) && j < i+16; j++ {
		if b[j] >= '@' && b[j] <= '~' {
			return j + 1
		}
	}
	return i + 1
}
