package rawjson

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// What a Checker finds instead of a value's end.
var (
	ErrShort  = errors.New("the JSON goes on")
	ErrSyntax = errors.New("a byte that JSON does not allow there")

	errDeep = fmt.Errorf("%w: nested too deep", ErrSyntax)
)

// mostDepth is how far values may be nested: what encoding/json allows.
const mostDepth = 10_000

// Checker finds where JSON values end and proves them on the way, in one pass and without recursion. Its zero value is
// ready; it keeps its stack, so that checking allocates nothing.
type Checker struct{ nest []byte }

// Value returns the end of the value that begins at i, or at the space before it: ErrShort when b ends before it, ErrSyntax where it is no JSON.
func (c *Checker) Value(b []byte, i int) (int, error) {
	c.nest = c.nest[:0]
	for {
		var err error
		opened := len(c.nest)
		if i, err = c.begin(b, Space(b, i)); err != nil {
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
func (c *Checker) begin(b []byte, i int) (int, error) {
	if i >= len(b) {
		return i, ErrShort
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
func (c *Checker) open(b []byte, i int) (int, error) {
	closing := b[i] + 2 // '{' and '}', '[' and ']' stand two apart in ASCII
	i = Space(b, i+1)
	switch {
	case i >= len(b):
		return i, ErrShort
	case b[i] == closing:
		return i + 1, nil
	case len(c.nest) == mostDepth:
		return i, errDeep
	}
	c.nest = append(c.nest, closing)
	if closing == '}' {
		return KeyEnd(b, i)
	}
	return i, nil
}

// after reads what follows a value: the ends of groups, then a comma, and the next key in an object. At the end of the
// outermost value nothing is read.
func (c *Checker) after(b []byte, i int) (int, error) {
	for n := len(c.nest); n > 0; n = len(c.nest) {
		i = Space(b, i)
		switch {
		case i >= len(b):
			return i, ErrShort
		case b[i] == c.nest[n-1]:
			c.nest = c.nest[:n-1]
			i++
			continue
		case b[i] != ',':
			return i, ErrSyntax
		case c.nest[n-1] == '}':
			return KeyEnd(b, Space(b, i+1))
		}
		return i + 1, nil
	}
	return i, nil
}

// KeyEnd returns where the value of the key at i may begin.
func KeyEnd(b []byte, i int) (int, error) {
	if i < len(b) && b[i] != '"' {
		return i, ErrSyntax
	}
	i, err := stringEnd(b, i)
	if err != nil {
		return i, err
	}
	switch i = Space(b, i); {
	case i >= len(b):
		return i, ErrShort
	case b[i] != ':':
		return i, ErrSyntax
	}
	return i + 1, nil
}

// stringEnd returns the end of the string that begins at i.
func stringEnd(b []byte, i int) (int, error) {
	for i = PlainEnd(b, i+1); i < len(b); i = PlainEnd(b, i) {
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
			return i, ErrSyntax
		}
	}
	return len(b), ErrShort
}

// Every byte of a word of eight, and the highest bit of each.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// PlainEnd returns the first byte from i on that is not plain text within a string: a quote, a backslash, a control
// character. It looks at eight bytes at once, because text is most of what a log holds; a borrow from one byte to the next
// can only mark bytes behind the first that is marked rightly.
func PlainEnd(b []byte, i int) int {
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
		return 0, ErrShort
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
	default:
		return 0, ErrSyntax
	}
	for i := 2; i < 6; i++ {
		if i >= len(b) {
			return 0, ErrShort
		}
		if c := b[i] | 0x20; (b[i] < '0' || b[i] > '9') && (c < 'a' || c > 'f') {
			return 0, ErrSyntax
		}
	}
	return 6, nil
}

// Space returns the first byte from i on that is none.
func Space(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

func word(b []byte, i int, want string) (int, error) {
	for k := range len(want) {
		switch {
		case i+k >= len(b):
			return len(b), ErrShort
		case b[i+k] != want[k]:
			return i, ErrSyntax
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
		return i, ErrShort
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
		return i, ErrShort
	}
	return i, ErrSyntax
}
