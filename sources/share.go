package sources

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Share is a part of new requests, in parts per million: exact, comparable and free of rounding surprises.
type Share uint32

// Whole is all of the traffic.
const Whole Share = 1_000_000

// ShareOf turns a fraction (0..1) into a share, rounded to the nearest part per million and kept within 0..Whole.
func ShareOf(fraction float64) Share {
	if !(fraction > 0) {
		return 0
	}
	return Share(math.Round(min(fraction, 1) * float64(Whole)))
}

// ParseShare reads "5%", "5 %", "0.4%" or "5" (percent). It refuses what is not within 0..100.
func ParseShare(s string) (Share, error) {
	t := strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || math.IsNaN(v) || v < 0 || v > 100 {
		return 0, fmt.Errorf("share %q: want a percentage from 0 to 100, such as 5%%", s)
	}
	return ShareOf(v / 100), nil
}

// Fraction returns the share as a number from 0 to 1.
func (s Share) Fraction() float64 { return float64(s) / float64(Whole) }

// Percent returns the share as a number from 0 to 100.
func (s Share) Percent() float64 { return float64(s) / 10_000 }

// Beyond tells whether s lies above set by more than rounding to whole weights explains: where 10 % was asked for, 9.91 %
// is what could be set, and the step to 10 % is done.
func (s Share) Beyond(set Share) bool { return s > set+set/32 }

// String prints the share in percent with at most two decimals: "5 %", "0.39 %".
func (s Share) String() string {
	return strconv.FormatFloat(math.Round(s.Percent()*100)/100, 'f', -1, 64) + " %"
}

// MarshalText writes the share as String does.
func (s Share) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseShare reads.
func (s *Share) UnmarshalText(b []byte) error {
	v, err := ParseShare(string(b))
	if err != nil {
		return err
	}
	*s = v
	return nil
}
