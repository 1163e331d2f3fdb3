package redact

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

const (
	longestLocal  = 64  // RFC 5321, 4.5.3.1.1
	longestDomain = 255 // RFC 5321, 4.5.3.1.2
	longestUser   = 256
)

// at looks to both sides of the @ at i: an address of mail, or a name and a password before a host.
func (s *scanner) at(i int) int {
	if to := s.userinfo(i); to > 0 {
		return to
	}
	from, to := localStart(s.b, i), domainEnd(s.b, i+1)
	if from == i || to == 0 || string(s.b[from:i]) == "git" {
		return 0
	}
	if s.r.placeholderBefore(s.b, from) >= 0 || from > 0 && s.b[from-1] == '@' {
		return 0
	}
	return s.hit(Email, from, to)
}

// localStart goes back from the @ at i over what a mailbox may be called.
func localStart(b []byte, i int) int {
	from := i
	for from > 0 && i-from < longestLocal {
		c := b[from-1]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeLastRune(b[:from])
			if !european(r) {
				break
			}
			from -= n
			continue
		}
		if triggers[c]&isWord == 0 && !contains("._%+-'", c) {
			break
		}
		from--
	}
	for from < i && contains(".'-+%", b[from]) {
		from++
	}
	return from
}

// european tells letters of Latin, Greek and Cyrillic. Others are written without blanks, and a whole sentence would go.
func european(r rune) bool { return r < 0x530 && unicode.IsLetter(r) }

// domainEnd returns where a domain with a top level of letters ends, 0 when there is none at i.
func domainEnd(b []byte, i int) int {
	label, end := i, 0
	letters := true
	for j := i; j <= len(b) && j-i <= longestDomain; j++ {
		if j < len(b) && b[j] >= utf8.RuneSelf {
			r, n := utf8.DecodeRune(b[j:])
			if european(r) {
				j += n - 1
				letters = false
				continue
			}
		}
		if is(b, j, isWord) || j < len(b) && b[j] == '-' && j > label {
			letters = letters && is(b, j, isLetter)
			continue
		}
		if label > i && letters && topLevel(b[label:j]) {
			end = j
		}
		if j >= len(b) || b[j] != '.' || j == label {
			break
		}
		label, letters = j+1, true
	}
	return end
}

// topLevel tells top level domains from the endings of files and units that are named like addresses (getty@tty1.service,
// logo@2x.png).
func topLevel(label []byte) bool {
	if len(label) < 2 || len(label) > 24 {
		return false
	}
	switch string(bytes.ToLower(label)) {
	case "service", "target", "socket", "timer", "slice", "scope", "mount", "device", "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "css", "json", "html":
		return false
	}
	return true
}

// userinfo finds the password in scheme://name:password@host, or a token in scheme://token@host.
func (s *scanner) userinfo(i int) int {
	from := s.afterScheme(i)
	if from == 0 {
		return 0
	}
	if n := bytes.IndexByte(s.b[from:i], ':'); n >= 0 {
		return s.secret(Password, from+n+1, i)
	}
	if b := s.b[from:i]; secretLike(b) && hasDigit(b) {
		return s.secret(Token, from, i)
	}
	return 0
}

// afterScheme returns where the part between :// and the @ at i starts, 0 when there is none.
func (s *scanner) afterScheme(i int) int {
	for j := i - 1; j >= max(s.last, i-longestUser, 2); j-- {
		switch s.b[j] {
		case '/':
			if s.b[j-1] == '/' && s.b[j-2] == ':' {
				return j + 1
			}
			return 0
		case ' ', '\t', '"', '\'', '<', '>', '?', '#', '@':
			return 0
		}
	}
	return 0
}

// secret is a hit unless a placeholder stands there already.
func (s *scanner) secret(k Kind, from, to int) int {
	if from >= to || s.r.touchesPlaceholder(s.b, from, to) {
		return 0
	}
	return s.hit(k, from, to)
}
