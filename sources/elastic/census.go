package elastic

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"rampart/sources"
)

// Widths of spans: a second where lines may still come late, more where a long past is made up for.
const (
	second   = int64(1000)
	mostOpen = 600 * second // the longest time that spans stay open
	chunk    = 600          // spans that one call looks at beyond the edge
)

// bucket is one interval of the census.
type bucket struct {
	at    int64
	count tally
}

// plan says how far this call looks, until, and in what intervals it counts. Nothing new is looked at before all that is
// known to be there was read.
func (st *state) plan(hi int64) (until, width int64) {
	if st.behind() {
		return st.edge, st.finest(mostOpen)
	}
	width = second
	switch behind := hi - st.edge; {
	case behind > 72*3600*second:
		width = 600 * second
	case behind > 6*3600*second:
		width = 60 * second
	case behind > 20*60*second:
		width = 10 * second
	}
	width = st.finest(width)
	until = min(hi, up(st.edge, width)+chunk*width)
	if width > second {
		until = min(until, up(hi-mostOpen, width))
	}
	return max(until, st.edge), width
}

// finest is the width of the narrowest span that is open, so that a census can tell all of them.
func (st *state) finest(width int64) int64 {
	for _, p := range st.spans {
		for _, w := range []int64{60 * second, 10 * second, second} {
			if p.to-p.from <= w {
				width = min(width, w)
			}
		}
	}
	return width
}

// behind tells whether lines that were counted are still to be read.
func (st *state) behind() bool { return slices.ContainsFunc(st.spans, (*span).pending) }

func down(t, width int64) int64 {
	if r := t % width; r >= 0 {
		return t - r
	}
	return t - t%width - width
}

func up(t, width int64) int64 { return down(t+width-1, width) }

// census counts the lines of all spans that may still change and of the new ones, and those whose time has not come.
func (a asked) census(ctx context.Context, from, until, width int64, ahead bool) (counted []bucket, early int64, whole error, err error) {
	bins := dsl{"date_histogram": dsl{"field": a.s.cfg.Fields.Time, "fixed_interval": fmt.Sprintf("%dms", width), "min_doc_count": 1}}
	if a.whole != nil {
		bins["aggs"] = dsl{"whole": filters(dsl{"whole": a.whole})}
	}
	aggs, end := dsl{"part": dsl{"filters": dsl{"filters": dsl{"now": a.between(from, until)}}, "aggs": dsl{"at": bins}}}, until
	if ahead { // of a far future only the number is wanted, not its intervals
		aggs["early"], end = filters(dsl{"early": a.between(until, forever)}), forever
	}
	body := dsl{"size": 0, "track_total_hits": false, "query": a.with(a.between(from, end)), "aggs": aggs}
	res, err := a.s.together(ctx, "count lines", a.m, body, 0, noHits)
	if err != nil {
		return nil, 0, nil, err
	}
	if res.Shards.Total == 0 {
		return nil, 0, nil, a.s.noIndex()
	}
	counted, early, err = readCensus(res.Aggs, a.whole != nil)
	if err != nil {
		return nil, 0, nil, a.s.fault("count lines", err)
	}
	return counted, early, res.partial(), nil
}

func filters(named dsl) dsl { return dsl{"filters": dsl{"filters": named}} }

// readCensus reads the aggregations of a census.
func readCensus(raw json.RawMessage, split bool) ([]bucket, int64, error) {
	type counts struct {
		Buckets map[string]struct {
			Count int64 `json:"doc_count"`
		} `json:"buckets"`
	}
	var said struct {
		Early counts `json:"early"`
		Part  struct {
			Buckets map[string]struct {
				At struct {
					Buckets []struct {
						Key   int64  `json:"key"`
						Count int64  `json:"doc_count"`
						Whole counts `json:"whole"`
					} `json:"buckets"`
				} `json:"at"`
			} `json:"buckets"`
		} `json:"part"`
	}
	if len(raw) == 0 {
		return nil, 0, fmt.Errorf("%w: it has no aggregations", errNotJSON)
	}
	if err := json.Unmarshal(raw, &said); err != nil {
		return nil, 0, jsonFault(err)
	}
	var out []bucket
	for _, b := range said.Part.Buckets["now"].At.Buckets {
		c := bucket{at: b.Key, count: tally{whole: b.Count}}
		if split {
			w := min(b.Whole.Buckets["whole"].Count, b.Count)
			c.count = tally{whole: w, rest: b.Count - w}
		}
		out = append(out, c)
	}
	return out, said.Early.Buckets["early"].Count, nil
}

// noIndex is the failure of a pattern that matches nothing.
func (s *Source) noIndex() error {
	return &sources.Error{
		Op: "count lines", Target: s.target, Kind: sources.ErrNoData,
		Cause: fmt.Errorf("no index matches %q", s.cfg.Index), Fix: "see logs.index in the config, and whether the key may see it",
	}
}

// count puts a census into the spans: new ones for intervals that had no line, and what each should hold.
func (st *state) count(counted []bucket, from, until, width int64, perSecond float64) {
	for _, p := range st.spans {
		if p.from >= from {
			p.want = tally{}
		}
	}
	var fresh []*span
	for _, b := range counted {
		at := max(b.at, from)
		p := st.find(at)
		switch {
		case p == nil:
			p = st.open(at, min(b.at+width, until))
			fresh = append(fresh, p)
		case p.from < from:
			continue // it began before what was counted
		}
		p.want.whole += b.count.whole
		p.want.rest += b.count.rest
	}
	st.spans = append(st.spans, fresh...)
	slices.SortFunc(st.spans, func(p, o *span) int { return cmp.Compare(p.from, o.from) })
	for _, p := range st.spans {
		p.draw(perSecond)
	}
	st.edge = max(st.edge, until)
}

// find returns the span that holds a time.
func (st *state) find(at int64) *span {
	i, ok := slices.BinarySearchFunc(st.spans, at, func(p *span, at int64) int {
		switch {
		case p.to <= at:
			return -1
		case p.from > at:
			return 1
		}
		return 0
	})
	if !ok {
		return nil
	}
	return st.spans[i]
}

// open makes a span, which knows what was handed over before its time had come.
func (st *state) open(from, to int64) *span {
	p := &span{from: from, to: to, next: from, every: 1}
	for _, e := range st.ahead {
		if e.at >= from && e.at < to {
			p.seen = append(p.seen, e.hash)
		}
	}
	slices.Sort(p.seen)
	return p
}

// overlap is how late a line may come and still be found: as configured, or twice the greatest lateness of the last minutes
// and ten seconds for the refresh and the shipper, half a minute at least; and as long as the cluster was away, because
// shippers hold their lines back as long.
func (st *state) overlap(given time.Duration) int64 {
	wanted := given.Milliseconds() + 5*second
	if given <= 0 {
		wanted = max(2*max(st.late[0], st.late[1])+10*second, 30*second)
	}
	return min(wanted+max(st.gap[0], st.gap[1]), mostOpen)
}
