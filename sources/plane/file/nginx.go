package file

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rampart/sources"
)

// word is a token of nginx's syntax, with its place.
type word struct {
	text     string
	from, to int
	quoted   bool
}

func (w word) is(text string) bool { return !w.quoted && w.text == text }

// words cuts a file into words, quoted strings, "{", "}" and ";". Comments are left out.
func words(b []byte) ([]word, error) {
	var out []word
	for i := 0; i < len(b); {
		switch c := b[i]; c {
		case ' ', '\t', '\n', '\r':
			i++
		case '#':
			for i < len(b) && b[i] != '\n' {
				i++
			}
		case '{', '}', ';':
			out = append(out, word{text: string(c), from: i, to: i + 1})
			i++
		default:
			w, err := oneWord(b, i)
			if err != nil {
				return nil, err
			}
			out, i = append(out, w), w.to
		}
	}
	return out, nil
}

func oneWord(b []byte, from int) (word, error) {
	if q := b[from]; q == '"' || q == '\'' {
		for i := from + 1; i < len(b); i++ {
			switch b[i] {
			case '\\':
				i++
			case q:
				return word{text: string(b[from+1 : i]), from: from, to: i + 1, quoted: true}, nil
			}
		}
		return word{}, errors.New("a quote without its end")
	}
	to := from
	for to < len(b) && !strings.ContainsRune(" \t\r\n;", rune(b[to])) {
		if b[to] == '{' && (to == from || b[to-1] != '$') || b[to] == '}' && !strings.Contains(string(b[from:to]), "${") {
			break
		}
		to++
	}
	return word{text: string(b[from:to]), from: from, to: max(to, from+1)}, nil
}

// findNginx finds the split_clients block (ngx_http_split_clients_module) whose values are the arms' names.
func findNginx(b []byte, c Config) (split, error) {
	ws, err := words(b)
	if err != nil {
		return split{}, err
	}
	var found []split
	for i := 0; i+3 < len(ws); i++ {
		if !ws[i].is("split_clients") || !ws[i+3].is("{") || c.Block != "" && strings.TrimPrefix(c.Block, "$") != strings.TrimPrefix(ws[i+2].text, "$") {
			continue
		}
		end := i + 4
		for end < len(ws) && !ws[end].is("}") {
			end++
		}
		if end == len(ws) {
			return split{}, errors.New("split_clients without its }")
		}
		s, ours, err := block(b, ws[i+3:end+1], c)
		switch {
		case ours && err != nil:
			return split{}, fmt.Errorf("split_clients %s: %w", ws[i+2].text, err)
		case ours:
			found = append(found, s)
		}
	}
	return one(found, "split_clients", c)
}

// block reads one block from its "{" to its "}". ours is false when it names none of our arms.
func block(b []byte, ws []word, c Config) (s split, ours bool, err error) {
	rest, given, stars := sources.Whole, sources.ByArm[sources.Share]{}, 0
	var star sources.Arm
	body := ws[1 : len(ws)-1]
	ours = slices.ContainsFunc(body, func(w word) bool { return c.arm(w.text) != 0 })
	for len(body) > 0 {
		if len(body) < 3 || !body[2].is(";") {
			return s, ours, errors.New("an entry is not a percentage, a value and a semicolon")
		}
		arm := c.arm(body[1].text)
		if arm == 0 && err == nil {
			err = fmt.Errorf("%q is neither %v nor %v", sources.Visible(body[1].text), c.Arms.Legacy, c.Arms.Candidate)
		}
		switch share, bad := percentage(body[0].text); {
		case body[0].text == "*":
			star, stars = arm, stars+1
		case bad != nil:
			err = bad
		case share > rest:
			err = errors.New("percentages add up to more than 100")
		case arm != 0:
			*given.Ptr(arm) += share
			rest -= share
		}
		body = body[3:]
	}
	if err == nil && stars != 1 {
		err = errors.New("want one entry for the rest, *")
	}
	if err != nil || !ours {
		return s, ours, err
	}
	*given.Ptr(star) += rest
	from, to := ws[0].to, ws[len(ws)-1].from
	return split{given.Candidate, func(to2 sources.Share) []byte {
		return []byte(string(b[:from]) + entries(string(b[from:to]), to2, c) + string(b[to:]))
	}}, true, nil
}

func percentage(text string) (sources.Share, error) {
	p, ok := strings.CutSuffix(text, "%")
	if text == "*" {
		return 0, nil
	}
	v, err := strconv.ParseFloat(p, 64)
	if !ok || err != nil || !(v > 0 && v <= 100) {
		return 0, fmt.Errorf("%q is no percentage", sources.Visible(text))
	}
	return sources.ShareOf(v / 100), nil
}

// entries writes the inside of a block anew and keeps its comments.
func entries(old string, to sources.Share, c Config) string {
	legacy, candidate := c.Arms.Legacy[0], c.Arms.Candidate[0]
	var out strings.Builder
	out.WriteByte('\n')
	for line := range strings.Lines(old) {
		if _, comment, ok := strings.Cut(line, "#"); ok {
			out.WriteString("    #" + strings.TrimRight(comment, "\r\n") + "\n")
		}
	}
	percent := strconv.FormatFloat(to.Percent(), 'f', -1, 64) + "%"
	switch to {
	case 0:
		fmt.Fprintf(&out, "    * %s;\n", legacy)
	case sources.Whole:
		fmt.Fprintf(&out, "    * %s;\n", candidate)
	default:
		fmt.Fprintf(&out, "    %s %s;\n    * %s;\n", percent, candidate, legacy)
	}
	return out.String()
}
