package redact

import "bytes"

// issuer is a form of token that its prefix gives away.
type issuer struct {
	prefix string
	kind   Kind
	least  int    // bytes after the prefix
	extra  string // bytes beside letters and digits that belong to it
}

// issuers are looked at where a word starts, by their first byte.
var issuers = func() (t [256][]issuer) {
	for _, x := range []issuer{
		{"AKIA", Key, 16, ""},
		{"ASIA", Key, 16, ""},
		{"AROA", Key, 16, ""},
		{"AIDA", Key, 16, ""},
		{"AGPA", Key, 16, ""},
		{"AIza", Token, 35, "_-"},
		{"ya29.", Token, 20, "_-."},
		{"GOCSPX-", Token, 20, "_-"},
		{"ghp_", Token, 20, ""},
		{"gho_", Token, 20, ""},
		{"ghu_", Token, 20, ""},
		{"ghs_", Token, 20, ""},
		{"ghr_", Token, 20, ""},
		{"github_pat_", Token, 20, "_"},
		{"glpat-", Token, 20, "_-"},
		{"xoxb-", Token, 10, "-"},
		{"xoxp-", Token, 10, "-"},
		{"xoxa-", Token, 10, "-"},
		{"xoxr-", Token, 10, "-"},
		{"xoxs-", Token, 10, "-"},
		{"xapp-", Token, 10, "-"},
		{"sk-", Token, 20, "_-"},
		{"sk_live_", Token, 16, "_"},
		{"sk_test_", Token, 16, "_"},
		{"rk_live_", Token, 16, "_"},
		{"rk_test_", Token, 16, "_"},
		{"SG.", Token, 40, "_-."},
		{"hf_", Token, 20, ""},
		{"npm_", Token, 20, ""},
		{"pypi-", Token, 32, "_-"},
		{"dop_v1_", Token, 32, ""},
		{"dckr_pat_", Token, 20, "_-"},
		{"shpat_", Token, 20, ""},
		{"hvs.", Token, 20, "_-"},
		{"AGE-SECRET-KEY-", Token, 40, ""},
	} {
		t[x.prefix[0]] = append(t[x.prefix[0]], x)
	}
	return t
}()

// starts are the first two bytes of what a letter can begin: a token of an issuer, a JWT, a scheme of credentials, an IBAN.
var starts = func() (t [256][256]bool) {
	for _, list := range issuers {
		for _, x := range list {
			t[x.prefix[0]][x.prefix[1]] = true
		}
	}
	t['e']['y'] = true
	for _, b := range "bB" {
		for _, second := range "eEaA" {
			t[b][second] = true
		}
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			t[a][b] = true
		}
	}
	return t
}()

// mayStart tells whether anything that is looked for by its beginning may stand here.
func mayStart(b []byte) bool { return len(b) > 1 && starts[b[0]][b[1]] }

// prefixed looks at a word that starts at i, and returns the end of a hit or 0.
func (s *scanner) prefixed(i int) int {
	if is(s.b, i-1, isWord) || i > 0 && (s.b[i-1] == '_' || s.b[i-1] == '-') || s.r.placeholderBefore(s.b, i) >= 0 {
		return 0
	}
	b := s.b[i:]
	for _, x := range issuers[b[0]] {
		if !bytes.HasPrefix(b, []byte(x.prefix)) {
			continue
		}
		end := endOfToken(b, len(x.prefix), x.extra)
		if n := end - len(x.prefix); n >= x.least && (x.kind != Key || n == x.least) && hasDigit(b[:end]) {
			return s.hit(x.kind, i, i+end)
		}
	}
	switch {
	case b[0] == 'e' && bytes.HasPrefix(b, []byte("eyJ")):
		return s.jwt(i)
	case (b[0] == 'B' || b[0] == 'b') && len(b) > 8:
		return s.scheme(i)
	case is(b, 0, isUpper):
		if to := s.iban(i); to > 0 {
			return to
		}
	}
	if s.r.ip {
		return s.ip(i)
	}
	return 0
}

func endOfToken(b []byte, i int, extra string) int {
	for i < len(b) && (triggers[b[i]]&isWord != 0 || contains(extra, b[i])) {
		i++
	}
	for i > 0 && contains(".-", b[i-1]) {
		i--
	}
	return i
}

// jwt looks for three or more parts of base64url, the first an object of JSON (RFC 7519; RFC 7516 has five).
func (s *scanner) jwt(i int) int {
	const least = 8
	b, j, parts := s.b, i, 0
	for parts < 5 {
		to := j
		for to < len(b) && (triggers[b[to]]&isWord != 0 || b[to] == '_' || b[to] == '-') {
			to++
		}
		if to-j < least && parts < 2 {
			return 0
		}
		parts++
		j = to
		if j >= len(b) || b[j] != '.' || parts == 5 {
			break
		}
		j++
	}
	if parts < 3 {
		return 0
	}
	return s.hit(JWT, i, j)
}

// scheme looks for the credentials after Bearer and Basic (RFC 6750, RFC 7617). A word that only looks like a word is left.
func (s *scanner) scheme(i int) int {
	var n int
	switch b := s.b[i:]; {
	case bytes.EqualFold(b[:7], []byte("bearer ")):
		n = 7
	case bytes.EqualFold(b[:6], []byte("basic ")):
		n = 6
	default:
		return 0
	}
	from := i + n
	for from < len(s.b) && s.b[from] == ' ' {
		from++
	}
	to := from
	for to < len(s.b) && (triggers[s.b[to]]&isWord != 0 || contains("._~+/=-", s.b[to])) {
		to++
	}
	if !secretLike(s.b[from:to]) {
		return 0
	}
	return s.secret(Token, from, to)
}

func hasDigit(b []byte) bool {
	for i := range b {
		if is(b, i, isDigit) {
			return true
		}
	}
	return false
}

// secretLike tells credentials from words: eight bytes or more, with a digit or a capital among small letters.
func secretLike(b []byte) bool {
	const enough = 256
	if len(b) < 8 {
		return false
	}
	b = b[:min(len(b), enough)]
	capital, small := false, false
	for i := range b {
		if is(b, i, isDigit) {
			return true
		}
		capital = capital || i > 0 && is(b, i, isUpper)
		small = small || is(b, i, isLower)
	}
	return capital && small
}

// privateKey looks for a PEM block of a private key that starts at i; without its end it reaches to the end of the text.
func (s *scanner) privateKey(i int) int {
	const head, tail, longestName = "-----BEGIN ", "PRIVATE KEY-----", 24
	b := s.b[i:]
	if len(b) < len(head) || b[1] != '-' || string(b[:len(head)]) != head {
		return 0
	}
	n := bytes.Index(b[:min(len(b), len(head)+longestName+len(tail))], []byte(tail))
	if n < 0 {
		return 0
	}
	end := len(b)
	if m := bytes.Index(b[n:], []byte("-----END ")); m >= 0 {
		from := n + m + len("-----END ")
		if k := bytes.Index(b[from:min(len(b), from+longestName+len(tail))], []byte(tail)); k >= 0 {
			end = from + k + len(tail)
		}
	}
	return s.hit(PrivateKey, i, i+end)
}
