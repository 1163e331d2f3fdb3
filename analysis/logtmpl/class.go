package logtmpl

import "bytes"

// A byte either belongs to a chunk, a run that is judged as one word or one variable, or stands for itself.
const (
	isDigit  = 1 << iota // 0-9
	isChunk              // part of a word, a number, a path, a name
	isLetter             // A-Z, a-z and every byte of a multi-byte rune
	isNotHex             // a letter beyond f, or a sign that no hex run holds
	isSign               // . / \ @: can make a name or a path of a chunk without digits
	isSpace              // separates chunks
	isTail               // at the end of a chunk it can tell what the chunk was
	isJoiner             // may stand between the variables of one list
)

var classes = classTable()

func classTable() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c >= '0' && c <= '9':
			t[c] = isChunk | isDigit
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			t[c] = isChunk | isLetter
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= 0x80:
			t[c] = isChunk | isLetter | isNotHex
		case c > ' ' && c < 0x7f:
			t[c] = isChunk | isNotHex
		}
	}
	for class, members := range map[uint8]string{
		isSpace | isJoiner:          " \t\v\f\r\n",
		isJoiner:                    ",;|",
		isJoiner | isTail:           ":",
		isTail:                      "='[",
		0:                           "()]{}<>\"`",
		isChunk | isNotHex | isSign: "./\\@",
	} {
		for i := range len(members) {
			t[members[i]] = class
		}
	}
	return t
}

// The sums of chunks: how many bytes of a class it holds, sixteen bits each, which a line's bound keeps from overflowing.
const (
	digits  = 0xffff
	letters = digits << 16
	notHex  = digits << 32
	signs   = digits << 48
)

// weights is what each byte adds to the sum of its chunk; 0 for a byte that ends it.
var weights = func() (t [256]uint64) {
	for c, k := range classes {
		if k&isChunk == 0 {
			continue
		}
		t[c] = uint64(k&isDigit)/isDigit | uint64(k&isLetter)/isLetter<<16 | uint64(k&isNotHex)/isNotHex<<32 | uint64(k&isSign)/isSign<<48
	}
	return t
}()

func hasLetter(s string) bool {
	for i := range len(s) {
		if classes[s[i]]&isLetter != 0 {
			return true
		}
	}
	return false
}

// minHexRun is the length from which a run of a-f without any digit is a number: English has no such word.
const minHexRun = 8

// leastNamed is the least length of a word with a digit inside.
const leastNamed = 5

// variableByDigits tells whether a chunk with one digit is a variable. A digit deep inside a long word ("jk2_init",
// "x509Certificate") is part of a name in the source code.
func variableByDigits(chunk []byte) bool {
	at := bytes.IndexAny(chunk, "0123456789")
	if at < 1 || len(chunk)-at < 4 {
		return true
	}
	for i, c := range chunk {
		if i != at && c != '_' && classes[c]&isLetter == 0 {
			return true
		}
	}
	return false
}

// variableBySigns tells whether a chunk without digits is the name of a thing (a path, a host, a class, an address)
// rather than a word: two inner dots, an absolute or longer path, a back slash, an inner @.
func variableBySigns(chunk []byte) bool {
	dots, slashes, last := 0, 0, len(chunk)-1
	for i, c := range chunk {
		if classes[c]&isSign == 0 || i == last && c != '\\' {
			continue
		}
		switch {
		case c == '\\', c == '@' && i > 0:
			return true
		case c == '/' && i == 0:
			slashes += 2
		case c == '/':
			slashes++
		case c == '.' && i > 0 && chunk[i-1] != '.' && chunk[i+1] != '.':
			dots++
		}
	}
	return dots >= 2 || slashes >= 2 || dots == 1 && endsAsHost(chunk)
}

// endsAsHost tells names such as example.com from words such as java.lang.
func endsAsHost(chunk []byte) bool {
	switch string(chunk[bytes.LastIndexByte(chunk, '.')+1:]) {
	case "com", "org", "net", "edu", "gov", "local", "internal", "localdomain":
		return true
	}
	return false
}

// endsAsSource tells file names of program text, which a line number follows.
func endsAsSource(chunk []byte) bool {
	switch string(chunk[bytes.LastIndexByte(chunk, '.')+1:]) {
	case "go", "py", "js", "ts", "java", "scala", "kt", "c", "cc", "cpp", "h", "hpp", "rs", "rb", "php", "cs", "ex", "erl", "lua", "pl":
		return true
	}
	return false
}

// leader cuts the chunk b[i:j] where dots lead from a word to its value, as in "depth.....0": before the dots, or after
// them when it starts with them. What is cut off is no variable; a chunk of one piece stays as it was.
func leader(b []byte, i, j int, isVar bool) (int, bool) {
	n := bytes.Index(b[i:j], []byte(".."))
	switch {
	case n < 0:
		return j, isVar
	case n > 0:
		return i + n, false
	}
	for i < j && b[i] == '.' {
		i++
	}
	return i, false
}
