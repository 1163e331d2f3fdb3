package elastic

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

var (
	errShort  = errors.New("the JSON goes on")
	errDeep   = errors.New("JSON is nested too deep")
	errSyntax = errors.New("a byte that JSON does not allow there")
)

// mostDepth is how far values may be nested: what encoding/json allows.
const mostDepth = 10_000

// checker finds where JSON values end and proves them on the way, in one pass and without recursion. Its zero value is
// ready; it keeps its stack, so that checking allocates nothing.
type checker struct{ nest []byte }

// value returns the end of the value that begins at i: errShort when b ends before it, errSyntax where it is no JSON.
func (c *checker) value(b []byte, i int) (int, error) {
	c.nest = c.nest[:0]
	for {
		var err error
		opened := len(c.nest)
		if i, err = c.begin(b, space(b, i)); err != nil {
			return i, err
		}
		if len(c.nest) > opened {
			continue
		}
		if i, err = c.after(b, i); err != nil || len(c.nest) == 0 {
			return i, err
		}
	}
}

// begin reads a scalar or an empty group, or opens a group and stands before its first value.
func (c *checker) begin(b []byte, i int) (int, error) {
	if i >= len(b) {
		return i, errShort
	}
	switch b[i] {
	case '"':
		return stringEnd(b, i)
	case '{', '[':
		return c.open(b, i)
	case 't':
		return word(b, i, "true")
	case 'f':
		return word(b, i, "false")
	case 'n':
		return word(b, i, "null")
	}
	return numberEnd(b, i)
}

// open enters a group.
func (c *checker) open(b []byte, i int) (int, error) {
	closing := b[i] + 2 // '{' and '}', '[' and ']' stand two apart in ASCII
	i = space(b, i+1)
	switch {
	case i >= len(b):
		return i, errShort
	case b[i] == closing:
		return i + 1, nil
	case len(c.nest) == mostDepth:
		return i, errDeep
	}
	c.nest = append(c.nest, closing)
	if closing == '}' {
		return keyEnd(b, i)
	}
	return i, nil
}

// after reads what follows a value: the ends of groups, then a comma, and the next key in an object. At the end of the
// outermost value nothing is read.
func (c *checker) after(b []byte, i int) (int, error) {
	for n := len(c.nest); n > 0; n = len(c.nest) {
		i = space(b, i)
		switch {
		case i >= len(b):
			return i, errShort
		case b[i] == c.nest[n-1]:
			c.nest = c.nest[:n-1]
			i++
			continue
		case b[i] != ',':
			return i, errSyntax
		case c.nest[n-1] == '}':
			return keyEnd(b, space(b, i+1))
		}
		return i + 1, nil
	}
	return i, nil
}

// keyEnd returns where the value of the key at i may begin.
func keyEnd(b []byte, i int) (int, error) {
	if i < len(b) && b[i] != '"' {
		return i, errSyntax
	}
	i, err := stringEnd(b, i)
	if err != nil {
		return i, err
	}
	switch i = space(b, i); {
	case i >= len(b):
		return i, errShort
	case b[i] != ':':
		return i, errSyntax
	}
	return i + 1, nil
}

// stringEnd returns the end of the string that begins at i.
func stringEnd(b []byte, i int) (int, error) {
	for i = plainEnd(b, i+1); i < len(b); i = plainEnd(b, i) {
		switch b[i] {
		case '"':
			return i + 1, nil
		case '\\':
			n, err := escapeEnd(b[i:])
			if err != nil {
				return i, err
			}
			i += n
		default:
			return i, errSyntax
		}
	}
	return len(b), errShort
}

// Every byte of a word of eight, and the highest bit of each.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plainEnd returns the first byte from i on that is not plain text within a string: a quote, a backslash, a control
// character. It looks at eight bytes at once, because text is most of what a log holds; a borrow from one byte to the next
// can only mark bytes behind the first that is marked rightly.
func plainEnd(b []byte, i int) int {
	for ; i+8 <= len(b); i += 8 {
		x := binary.LittleEndian.Uint64(b[i:])
		quote, slash := x^(ones*'"'), x^(ones*'\\')
		if found := ((quote-ones)&^quote | (slash-ones)&^slash | (x-ones*' ')&^x) & highs; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= ' ' {
		i++
	}
	return i
}

// escapeEnd is how long the escape is with which b begins.
func escapeEnd(b []byte) (int, error) {
	if len(b) < 2 {
		return 0, errShort
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
	default:
		return 0, errSyntax
	}
	for i := 2; i < 6; i++ {
		if i >= len(b) {
			return 0, errShort
		}
		if c := b[i] | 0x20; (b[i] < '0' || b[i] > '9') && (c < 'a' || c > 'f') {
			return 0, errSyntax
		}
	}
	return 6, nil
}

func word(b []byte, i int, want string) (int, error) {
	for k := range len(want) {
		switch {
		case i+k >= len(b):
			return len(b), errShort
		case b[i+k] != want[k]:
			return i, errSyntax
		}
	}
	return i + len(want), nil
}

// numberEnd returns the end of the number at i. One at the end of b may go on.
func numberEnd(b []byte, i int) (int, error) {
	if b[i] == '-' {
		i++
	}
	var err error
	if i < len(b) && b[i] == '0' {
		i++
	} else if i, err = digitsEnd(b, i); err != nil {
		return i, err
	}
	if i < len(b) && b[i] == '.' {
		if i, err = digitsEnd(b, i+1); err != nil {
			return i, err
		}
	}
	if i < len(b) && b[i]|0x20 == 'e' {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if i, err = digitsEnd(b, i); err != nil {
			return i, err
		}
	}
	if i == len(b) {
		return i, errShort
	}
	return i, nil
}

// digitsEnd reads one digit or more.
func digitsEnd(b []byte, i int) (int, error) {
	from := i
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	switch {
	case i > from:
		return i, nil
	case i == len(b):
		return i, errShort
	}
	return i, errSyntax
}
