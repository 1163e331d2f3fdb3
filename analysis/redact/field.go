package redact

import "bytes"

// field looks at the value after the = or : at i, when the name before it says that it is a secret or a number to call.
func (s *scanner) field(i int) int {
	b := s.b
	name := i
	quoted := name > 0 && (b[name-1] == '"' || b[name-1] == '\'')
	if quoted {
		name--
		if name > 0 && b[name-1] == '\\' {
			name--
		}
	}
	to := name
	if to < 3 || !mayEndField(b[:to]) {
		return 0
	}
	for name > 0 && to-name < 40 && (triggers[b[name-1]]&isWord != 0 || b[name-1] == '_' || b[name-1] == '-') {
		name--
	}
	kind, ok := fieldKind(b[name:to])
	if !ok {
		return 0
	}
	from, end, inQuotes := valueAt(b, i+1)
	switch {
	case from >= end:
		return 0
	case kind == Phone:
		if end := dialled(b, from); end > 0 {
			return s.secret(Phone, from, end)
		}
		return 0
	case b[i] == ':' && !quoted && !inQuotes && from > i+1 && !header(b[name:to]):
		return 0 // prose: "token: expected", "password: wrong"
	case kind == Token && !secretLike(b[from:end]):
		return 0
	}
	if !inQuotes {
		end = endOfValue(b, from, len(b))
	}
	return s.secret(kind, from, end)
}

// judged is how much of a bare value is looked at before it is taken for a secret: a field in a field in a field costs no
// more than its length.
const judged = 256

// valueAt returns where the value after a separator stands: what is quoted, or up to the next blank or mark or judged bytes.
func valueAt(b []byte, i int) (from, to int, quoted bool) {
	for i < len(b) && b[i] == ' ' {
		i++
	}
	if i < len(b) && b[i] == '\\' {
		i++
	}
	if i < len(b) && (b[i] == '"' || b[i] == '\'') {
		q := b[i]
		for j := i + 1; j < len(b); j++ {
			if b[j] == q && (b[j-1] != '\\' || b[i] == '"' && i > 0 && b[i-1] == '\\') {
				if b[j-1] == '\\' {
					return i + 1, j - 1, true
				}
				return i + 1, j, true
			}
		}
		return i + 1, len(b), true
	}
	return i, endOfValue(b, i, min(len(b), i+judged)), false
}

func endOfValue(b []byte, i, most int) int {
	if n := bytes.IndexAny(b[i:most], " \t,;&\"')}]|<>\r\n"); n >= 0 {
		return i + n
	}
	return most
}

// header tells the names of HTTP headers that carry credentials: their value stands after a blank.
func header(name []byte) bool {
	for _, h := range []string{"authorization", "proxy-authorization", "x-api-key", "x-auth-token", "api-key"} {
		if bytes.EqualFold(name, []byte(h)) {
			return true
		}
	}
	return false
}

// fieldKind tells what a field of this name holds.
func fieldKind(name []byte) (Kind, bool) {
	if len(name) < 3 {
		return "", false
	}
	var room [40]byte
	low := room[:0]
	for _, c := range name {
		if c == '_' || c == '-' {
			continue
		}
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		low = append(low, c)
	}
	for _, f := range fields {
		if len(low) > 0 && f.name[len(f.name)-1] == low[len(low)-1] && bytes.HasSuffix(low, []byte(f.name)) && (len(low) == len(f.name) || !f.whole) {
			return f.kind, true
		}
	}
	return "", false
}

// mayEndField tells by its last three bytes whether a name may be one of those below: most are not, and are read no further.
func mayEndField(b []byte) bool {
	x, y, z := b[len(b)-3], b[len(b)-2], b[len(b)-1]
	switch {
	case z == '_' || z == '-':
		return false
	case x == '_' || x == '-' || y == '_' || y == '-':
		return true
	}
	return endings[ending(x, y, z)]
}

// ending folds three bytes into one number, so that the case of letters makes no difference.
func ending(x, y, z byte) int { return int(x&31)<<10 | int(y&31)<<5 | int(z&31) }

var endings = func() (t [1 << 15]bool) {
	for _, f := range fields {
		n := len(f.name)
		t[ending(f.name[n-3], f.name[n-2], f.name[n-1])] = true
	}
	return t
}()

// fields are the ends of names, without hyphens and underscores.
var fields = []struct {
	name  string
	kind  Kind
	whole bool // the name is nothing more
}{
	{"password", Password, false},
	{"passwd", Password, false},
	{"pwd", Password, false},
	{"passphrase", Password, false},
	{"secret", Token, false},
	{"token", Token, false},
	{"apikey", Token, false},
	{"accesskey", Token, false},
	{"secretkey", Token, false},
	{"privatekey", Token, false},
	{"accountkey", Token, false},
	{"encryptionkey", Token, false},
	{"signingkey", Token, false},
	{"authorization", Token, false},
	{"phone", Phone, false},
	{"phonenumber", Phone, false},
	{"mobile", Phone, false},
	{"tel", Phone, true},
	{"msisdn", Phone, false},
	{"fax", Phone, true},
	{"telephone", Phone, false},
}
