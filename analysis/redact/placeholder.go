package redact

import "bytes"

// The marks are single angle quotes: rare in logs, one column wide, and not the brackets of any format.
const (
	opening = "\u2039"
	closing = "\u203a"
	mark    = len(opening)
	mostLen = mark + 32 + mark
)

func placeholder(k Kind) string { return opening + string(k) + closing }

// placeholderAt returns the end of the placeholder that starts at i, 0 when none of this redactor's does. Placeholders
// are opaque: nothing is found in them.
func (r *Redactor) placeholderAt(b []byte, i int) int {
	if len(b)-i < 2*mark+1 || string(b[i:i+mark]) != opening {
		return 0
	}
	n := bytes.Index(b[i+mark:min(len(b), i+mostLen)], []byte(closing))
	if n < 0 || !r.names[string(b[i+mark:i+mark+n])] {
		return 0
	}
	return i + mark + n + mark
}

// placeholderBefore returns the start of the placeholder that ends at i, -1 when none does.
func (r *Redactor) placeholderBefore(b []byte, i int) int {
	if i < 2*mark+1 || string(b[i-mark:i]) != closing {
		return -1
	}
	low := max(0, i-mostLen)
	n := bytes.LastIndex(b[low:i], []byte(opening))
	if n < 0 || r.placeholderAt(b, low+n) != i {
		return -1
	}
	return low + n
}
