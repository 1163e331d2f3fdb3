package dossier

import "time"

// cursor reads the usual shape of a block line by hand. Every method returns false at the first byte that it does not
// expect; the line is then read again by encoding/json, which decides whether it is odd or wrong. So it may refuse
// anything, but must never take what the other would refuse or read otherwise.
type cursor struct {
	b []byte
	i int
}

func (c *cursor) peek() byte {
	if c.i < len(c.b) {
		return c.b[c.i]
	}
	return 0
}

func (c *cursor) space() {
	for c.i < len(c.b) && (c.b[c.i] == ' ' || c.b[c.i] == '\t') {
		c.i++
	}
}

// byte takes one byte between spaces.
func (c *cursor) byte(want byte) bool {
	c.space()
	if c.peek() != want {
		return false
	}
	c.i++
	c.space()
	return true
}

// word takes a literal such as null.
func (c *cursor) word(w string) bool {
	if len(c.b)-c.i < len(w) || string(c.b[c.i:c.i+len(w)]) != w {
		return false
	}
	c.i += len(w)
	return true
}

// text takes a string of plain ASCII without escapes.
func (c *cursor) text() ([]byte, bool) {
	if c.peek() != '"' {
		return nil, false
	}
	c.i++
	from := c.i
	for c.i < len(c.b) {
		switch ch := c.b[c.i]; {
		case ch == '"':
			c.i++
			return c.b[from : c.i-1], true
		case ch == '\\' || ch < 0x20 || ch >= 0x80:
			return nil, false
		}
		c.i++
	}
	return nil, false
}

// key takes a name and its colon.
func (c *cursor) key() ([]byte, bool) {
	k, ok := c.text()
	return k, ok && c.byte(':')
}

// count takes a whole number of at most 14 digits, also as 7430.0.
func (c *cursor) count(n *int64) bool {
	from := c.i
	v := int64(0)
	for d := c.peek(); d >= '0' && d <= '9'; d = c.peek() {
		v = v*10 + int64(d-'0')
		c.i++
	}
	if size := c.i - from; size == 0 || size > 14 || size > 1 && c.b[from] == '0' || v > MaxCount {
		return false
	}
	if c.peek() == '.' && !c.zeros() {
		return false
	}
	*n = v
	return c.peek() != 'e' && c.peek() != 'E'
}

// zeros takes a fraction of nothing but zeros.
func (c *cursor) zeros() bool {
	c.i++
	from := c.i
	for c.peek() == '0' {
		c.i++
	}
	return c.i > from && (c.peek() < '1' || c.peek() > '9')
}

// powers are exact as floats, so that one division rounds once, as a correct parser does.
var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// fraction takes a plain decimal with at most 15 digits.
func (c *cursor) fraction(f *float64) bool {
	from, point := c.i, -1
	v := int64(0)
	for ; ; c.i++ {
		d := c.peek()
		switch {
		case d >= '0' && d <= '9':
			v = v*10 + int64(d-'0')
		case d == '.' && point < 0 && c.i > from:
			point = c.i
			continue
		default:
			return c.decimal(f, v, from, point)
		}
		if c.i-from > 16 {
			return false
		}
	}
}

func (c *cursor) decimal(f *float64, v int64, from, point int) bool {
	whole, part := c.i-from, 0
	if point >= 0 {
		whole, part = point-from, c.i-point-1
		if part == 0 {
			return false
		}
	}
	if whole == 0 || whole > 1 && c.b[from] == '0' || whole+part > 15 || c.peek() == 'e' || c.peek() == 'E' {
		return false
	}
	*f = float64(v) / powers[part]
	return true
}

// instant takes "2026-01-05T14:00:15Z", with a fraction of at most 9 digits.
func (c *cursor) instant(t *time.Time) bool {
	s, ok := c.text()
	if !ok || len(s) < 20 || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' || s[len(s)-1] != 'Z' {
		return false
	}
	var part [6]int
	for i, at := range [...][2]int{{0, 4}, {5, 7}, {8, 10}, {11, 13}, {14, 16}, {17, 19}} {
		if part[i], ok = digits(s[at[0]:at[1]]); !ok {
			return false
		}
	}
	nano := 0
	if rest := s[19 : len(s)-1]; len(rest) > 0 {
		if rest[0] != '.' || len(rest) < 2 || len(rest) > 10 {
			return false
		}
		if nano, ok = digits(rest[1:]); !ok {
			return false
		}
		for range 10 - len(rest) {
			nano *= 10
		}
	}
	if part[3] > 23 || part[4] > 59 || part[5] > 59 || part[1] < 1 || part[1] > 12 {
		return false
	}
	*t = time.Date(part[0], time.Month(part[1]), part[2], part[3], part[4], part[5], nano, time.UTC)
	return t.Day() == part[2] // a day beyond the month's end would roll over
}

func digits(s []byte) (int, bool) {
	v := 0
	for _, d := range s {
		if d < '0' || d > '9' {
			return 0, false
		}
		v = v*10 + int(d-'0')
	}
	return v, true
}
