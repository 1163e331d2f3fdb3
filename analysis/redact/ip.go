package redact

import "net/netip"

const longestIP = 45

// ip looks for an address that starts at i.
func (s *scanner) ip(i int) int {
	b := s.b
	to, dots, colons := i, 0, 0
	for to < len(b) && to-i <= longestIP {
		c := b[to]
		if c == '.' {
			dots++
		} else if c == ':' {
			colons++
		} else if !is(b, to, isDigit) && (c|0x20 < 'a' || c|0x20 > 'f') {
			break
		}
		to++
	}
	for to > i && (b[to-1] == '.' || b[to-1] == ':' && (to-i < 2 || b[to-2] != ':')) {
		to--
	}
	if dots < 3 && colons < 2 || i > 0 && contains(".:-_", b[i-1]) && is(b, i-2, isWord) {
		return 0
	}
	if dots >= 3 && colons == 1 { // host:port
		for to > i && b[to-1] != ':' {
			to--
		}
		to--
	}
	if _, err := netip.ParseAddr(string(b[i:max(i, to)])); err != nil || !s.bounded(i, to) {
		return 0
	}
	return s.hit(IP, i, to)
}
