package logtmpl

// token is one part of a template. Marks and gaps make its shape; places are where lines of one shape may differ.
type token struct {
	text  string // of a mark or a constant word; of a variable its placeholder
	kind  atomKind
	gap   bool // white space stands before it
	role  role
	empty bool // a place where a value could stand and none does
	words bool // a variable that has swallowed words, and swallows any from then on
}

// role is what stands before a place and tells how ready it is to vary.
type role uint8

const (
	prose role = iota // a word among words
	first             // the first place of the line: what the line is about
	value             // right after =
	named             // after a noun such as "user"
)

func (t *token) place() bool { return t.kind != mark }

// maxTokens bounds a template; what stands behind them is not told apart.
const maxTokens = 240

// tokenize turns the atoms of a line into tokens.
func tokenize(line []byte, atoms []atom) []token {
	tokens := make([]token, 0, min(len(atoms)+2, maxTokens))
	for i, a := range atoms {
		if len(tokens) >= maxTokens-1 {
			break
		}
		t := token{kind: a.kind, gap: a.gap}
		if a.kind == variable {
			t.text = placeholder(line[a.from:a.to])
		} else {
			t.text = string(line[a.from:a.to])
		}
		tokens = append(tokens, t)
		if a.kind == mark && missing(line, atoms, i) {
			tokens = append(tokens, token{kind: word, empty: true})
		}
	}
	tokens = fold(tokens)
	assignRoles(tokens)
	return tokens
}

// missing tells whether a value could stand after the mark at i and none does: "key= next", " ()".
func missing(line []byte, atoms []atom, i int) bool {
	c := line[atoms[i].from]
	last := i+1 == len(atoms)
	switch c {
	case '=':
		return !atoms[i].gap && (last || atoms[i+1].gap && atoms[i+1].kind != mark || line[atoms[i+1].from] == ',' || line[atoms[i+1].from] == ')')
	case '(':
		return atoms[i].gap && !last && line[atoms[i+1].from] == ')'
	}
	return false
}

func assignRoles(tokens []token) {
	seen := false
	for i := range tokens {
		t := &tokens[i]
		switch {
		case !t.place():
			continue
		case !seen:
			t.role = first
		case tokens[i-1].text == "=":
			t.role = value
		case tokens[i-1].kind == word && namesNext(tokens[i-1].text):
			t.role = named
		}
		seen = true
	}
}

// longestPeriod bounds the repeated groups that fold looks for.
const longestPeriod = 10

// fold keeps one of each run of equal groups that hold a variable, so that lists of any length and stack traces of any
// depth have one form: "n1 <ok> n2 <ok>" is "n1 <ok>".
func fold(tokens []token) []token {
	out := tokens[:0]
	for i := 0; i < len(tokens); {
		out = append(out, tokens[i])
		i++
		for repeated(out, tokens[i:]) > 0 {
			i += repeated(out, tokens[i:])
		}
	}
	return out
}

// repeated returns the length of the group at the end of done that rest begins with again, 0 when there is none.
func repeated(done, rest []token) int {
	for p := 2; p <= longestPeriod && p <= len(done) && p <= len(rest); p++ {
		if equalGroups(done[len(done)-p:], rest[:p]) {
			return p
		}
	}
	return 0
}

func equalGroups(a, b []token) bool {
	vars := false
	for i := range a {
		if a[i].kind != b[i].kind || a[i].empty != b[i].empty || a[i].kind != variable && a[i].text != b[i].text || i > 0 && a[i].gap != b[i].gap {
			return false
		}
		vars = vars || a[i].kind == variable
	}
	return vars
}

// identity hashes the tokens: the whole of them is the birth of an id, the shape is what a family has in common.
func identity(tokens []token) (whole, shape uint64) {
	whole, shape = seed, seed
	for i := range tokens {
		t := &tokens[i]
		var gap uint64
		if t.gap {
			gap = gapSalt
		}
		switch {
		case t.kind == variable:
			whole = mix(whole, varSalt^gap)
		case t.empty:
			whole = mix(whole, placeSalt^gap)
		default:
			whole = hashWord(whole, gap, []byte(t.text), 0, len(t.text))
		}
		if t.place() {
			shape = mix(shape, placeSalt^gap)
		} else {
			shape = mix(shape, uint64(t.text[0])^gap)
		}
	}
	return whole, shape
}
