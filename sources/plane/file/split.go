package file

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"rampart/sources"
)

// finest is the smallest step in all formats: nginx reads two decimals of a percentage.
const finest sources.Share = 100

// split is the one split of a file.
type split struct {
	share sources.Share
	// edit returns the file with another share.
	edit func(sources.Share) []byte
}

// find reads the split of one format from a file.
type find func(b []byte, c Config) (split, error)

func finders() map[string]find {
	return map[string]find{Nginx: findNginx, Traefik: findTraefik, Caddy: findCaddy}
}

// one picks the only split of several, or says why it cannot.
func one(found []split, what string, c Config) (split, error) {
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return split{}, fmt.Errorf("no %s divides between %v and %v", what, c.Arms.Legacy, c.Arms.Candidate)
	}
	return split{}, fmt.Errorf("%d %s divide between the arms; name one by block", len(found), what)
}

// spot is where a weight stands in the file.
type spot struct {
	from, to int
	weight   int
	arm      sources.Arm
}

// weighted is a split by whole weights.
func weighted(b []byte, spots []spot) (split, error) {
	sum := sources.ByArm[int]{}
	for _, s := range spots {
		if s.weight < 0 || s.weight > 1<<30 {
			return split{}, fmt.Errorf("a weight of %d", s.weight)
		}
		*sum.Ptr(s.arm) += s.weight
	}
	all := sum.Legacy + sum.Candidate
	if all == 0 {
		return split{}, errors.New("all weights are 0")
	}
	return split{
		share: sources.ShareOf(float64(sum.Candidate) / float64(all)),
		edit:  func(to sources.Share) []byte { return splice(b, spots, weights(to, spots)) },
	}, nil
}

// weights are the smallest whole weights that make a share exactly, the same for each name of an arm.
func weights(to sources.Share, spots []spot) sources.ByArm[int] {
	n := sources.ByArm[int]{}
	for _, s := range spots {
		*n.Ptr(s.arm)++
	}
	l, c := int(sources.Whole-to)*n.Candidate, int(to)*n.Legacy
	d := gcd(l, c)
	return sources.ByArm[int]{Legacy: l / d, Candidate: c / d}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// splice puts new weights in the place of the old.
func splice(b []byte, spots []spot, to sources.ByArm[int]) []byte {
	sorted := slices.SortedFunc(slices.Values(spots), func(a, b spot) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, s := range sorted {
		out = append(out, b[at:s.from]...)
		out = strconv.AppendInt(out, int64(to.Of(s.arm)), 10)
		at = s.to
	}
	return append(out, b[at:]...)
}
