package file

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"rampart/sources"
)

// policy is the one policy of Caddy that has weights.
const policy = "weighted_round_robin"

// findCaddy finds the reverse_proxy whose upstreams are the arms' and whose policy is weighted_round_robin.
func findCaddy(b []byte, c Config) (split, error) {
	if strings.HasPrefix(string(bytes.TrimSpace(b)), "{\"") || isJSON(b) {
		return findCaddyJSON(b, c)
	}
	return findCaddyfile(b, c)
}

// findCaddyfile reads the Caddyfile: reverse_proxy UPSTREAM... { lb_policy weighted_round_robin WEIGHT... }, upstreams
// also by "to". Blocks end lines with "{" there, and words are separated by spaces.
func findCaddyfile(b []byte, c Config) (split, error) {
	var found []split
	var p *proxy
	depth := 0
	for from := 0; from < len(b); {
		to := from + len(b[from:])
		if i := bytes.IndexByte(b[from:], '\n'); i >= 0 {
			to = from + i + 1
		}
		line := lineWords(b, from, to)
		switch {
		case len(line) == 0:
		case line[0].text == "reverse_proxy":
			p, depth = &proxy{}, 0
			p.upstreams(line[1:])
			if !line[len(line)-1].is("{") {
				p = nil
			}
		case p == nil:
		case line[0].is("}") && depth == 0:
			s, ours, err := p.split(b, c)
			if ours && err != nil {
				return split{}, err
			} else if ours {
				found = append(found, s)
			}
			p = nil
		case line[0].is("}"):
			depth--
		case line[0].text == "to":
			p.upstreams(line[1:])
		case line[0].text == "lb_policy" && len(line) > 1 && line[1].text == policy:
			p.weights = line[2:]
		case line[len(line)-1].is("{"):
			depth++
		}
		from = to
	}
	return one(found, policy, c)
}

// lineWords are the words of one line of a Caddyfile, without its comment.
func lineWords(b []byte, from, to int) []word {
	var out []word
	for i := from; i < to; {
		if strings.IndexByte(" \t\r\n", b[i]) >= 0 {
			i++
			continue
		}
		if b[i] == '#' {
			break
		}
		j := i
		for j < to && strings.IndexByte(" \t\r\n", b[j]) < 0 {
			j++
		}
		out, i = append(out, word{text: string(b[i:j]), from: i, to: j}), j
	}
	return out
}

// proxy is one reverse_proxy while it is read.
type proxy struct {
	names   []string
	weights []word
}

func (p *proxy) upstreams(ws []word) {
	for _, w := range ws {
		if !w.is("{") && !strings.HasPrefix(w.text, "@") {
			p.names = append(p.names, w.text)
		}
	}
}

// split pairs upstreams with weights, in their order.
func (p *proxy) split(b []byte, c Config) (s split, ours bool, err error) {
	var spots []spot
	arms := sources.ByArm[int]{}
	for i, name := range p.names {
		arm := c.arm(name)
		if arm == 0 {
			err = fmt.Errorf("upstream %q is in neither arm", sources.Visible(name))
			continue
		}
		ours = true
		*arms.Ptr(arm)++
		if i < len(p.weights) {
			w, bad := strconv.Atoi(p.weights[i].text)
			if bad != nil {
				err = fmt.Errorf("%q is no weight", sources.Visible(p.weights[i].text))
			}
			spots = append(spots, spot{from: p.weights[i].from, to: p.weights[i].to, weight: w, arm: arm})
		}
	}
	switch {
	case !ours || err != nil:
	case arms.Legacy == 0 || arms.Candidate == 0:
		err = errors.New("both arms must stand there, with a weight of 0 for none")
	case len(p.weights) != len(p.names):
		err = fmt.Errorf("%d weights of %s for %d upstreams: the last would silently get nothing", len(p.weights), policy, len(p.names))
	default:
		s, err = weighted(b, spots)
	}
	return s, ours, err
}
