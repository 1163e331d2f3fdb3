package pair

import (
	"math"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// Response is one arm's answer to one request, as its log line tells it.
type Response struct {
	ID      string
	Arm     sources.Arm
	At      time.Time // its own time; zero when the line has none
	Score   float64   // the numeric prediction; NaN when there is none
	Latency float64   // seconds; NaN when there is none
	Fields  []Field   // what is compared, in the order of the config; both arms' in the same
}

// Field is one compared field. A missing one has no value and is known by Known being false.
type Field struct {
	Name  string
	Value sources.Text
	Known bool
}

// overhead is what a waiting line costs beside its texts: the struct, its request, the heap's and the map's share.
const overhead = 320

// size is how many bytes a waiting response holds, about.
func (r *Response) size() int {
	n := overhead + len(r.ID)
	for _, f := range r.Fields {
		n += 48 + f.Value.Len()
	}
	return n
}

// same tells whether two fields say the same: numbers within the tolerance, anything else by its text.
func (f Field) same(o Field, tolerance float64) bool {
	if f.Known != o.Known {
		return false
	}
	if f.Value == o.Value {
		return true
	}
	a, okA := number(f.Value.String())
	b, okB := number(o.Value.String())
	return okA && okB && math.Abs(a-b) <= tolerance
}

func number(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// before orders responses of one arm by their own time. Lines of one instant are ordered by what they say, so that it does
// not matter which came first.
func (r *Response) before(o *Response) bool {
	if c := r.At.Compare(o.At); c != 0 {
		return c < 0
	}
	for _, p := range [][2]float64{{r.Score, o.Score}, {r.Latency, o.Latency}} {
		if p[0] != p[1] && !(math.IsNaN(p[0]) && math.IsNaN(p[1])) {
			return p[0] < p[1] || math.IsNaN(p[1])
		}
	}
	for i := range min(len(r.Fields), len(o.Fields)) {
		if a, b := r.Fields[i].Value.String(), o.Fields[i].Value.String(); a != b {
			return a < b
		}
	}
	return false
}
