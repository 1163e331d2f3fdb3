package elastic

import (
	"context"
	"encoding/json"

	"rampart/sources"
)

// What a tail cannot show is counted all the same: lines that came after their span was closed, and lines that stand
// nowhere in time.
const (
	minute     = 60 * second
	pastLength = 15 * minute // how long closed minutes are counted again
	oddEvery   = 10 * minute // looking for lines without a time touches every index
	year1971   = 365 * 24 * 3600 * second
)

// bin is what a closed minute held.
type bin struct{ at, count int64 }

// shut adds a span that is closed to its minute.
func (st *state) shut(p *span) {
	at := down(p.from, minute)
	if at < st.start || p.to > at+minute {
		return
	}
	if n := len(st.past); n == 0 || st.past[n-1].at < at {
		st.past = append(st.past, bin{at: at})
	}
	if last := &st.past[len(st.past)-1]; last.at == at {
		last.count += p.want.all()
	}
}

// strays counts what came too late and what has no time, now and then. A failure shows itself in what is asked next.
func (t *tail) strays(ctx context.Context) {
	if !t.live || t.doubt != nil {
		return
	}
	if t.now-t.st.pastAt >= minute {
		t.countPast(ctx)
	}
	if t.now-t.st.oddAt >= oddEvery {
		t.countOdd(ctx)
	}
}

func (t *tail) countPast(ctx context.Context) {
	st := t.st
	st.pastAt = t.now
	for len(st.past) > 0 && st.past[0].at < t.now-pastLength-mostOpen {
		st.past = st.past[1:]
	}
	n := len(st.past)
	for n > 0 && st.past[n-1].at+minute > st.floor {
		n--
	}
	if n == 0 {
		return
	}
	counted, _, partial, err := t.census(ctx, st.past[0].at, st.past[n-1].at+minute, minute, false)
	if err != nil || partial != nil {
		return
	}
	byTime := map[int64]int64{}
	for _, b := range counted {
		byTime[b.at] = b.count.all()
	}
	for i := range st.past[:n] {
		p := &st.past[i]
		t.tooLate += max(0, byTime[p.at]-p.count)
		p.count = byTime[p.at]
	}
	t.page.Skipped += t.tooLate
}

// countOdd counts lines without a time, and lines whose time is in seconds where milliseconds are meant: they lie in
// January 1970.
func (t *tail) countOdd(ctx context.Context) {
	st := t.st
	odd, err := t.countTimeless(ctx)
	if err != nil {
		return
	}
	if st.oddAt > 0 {
		t.page.Skipped += max(0, odd.whole-st.odd.whole) + max(0, odd.rest-st.odd.rest)
	}
	st.odd, st.oddAt = odd, t.now
	t.page.Notes = append(t.page.Notes, timeless(odd, t.s.cfg.Fields.Time)...)
}

// countTimeless counts lines without a time (whole) and with one in seconds (rest).
func (a asked) countTimeless(ctx context.Context) (tally, error) {
	missing := dsl{"bool": dsl{"must_not": []any{dsl{"exists": dsl{"field": a.s.cfg.Fields.Time}}}}}
	named := dsl{"missing": missing, "seconds": a.between(0, year1971)}
	res, err := a.s.together(ctx, "count lines", a.m, dsl{"size": 0, "track_total_hits": false, "query": a.with(either([]any{missing, named["seconds"]})), "aggs": dsl{"odd": filters(named)}}, 0, noHits)
	if err != nil {
		return tally{}, err
	}
	var said struct {
		Odd struct {
			Buckets map[string]struct {
				Count int64 `json:"doc_count"`
			} `json:"buckets"`
		} `json:"odd"`
	}
	if len(res.Aggs) > 0 {
		err = jsonFault(json.Unmarshal(res.Aggs, &said))
	}
	return tally{whole: said.Odd.Buckets["missing"].Count, rest: said.Odd.Buckets["seconds"].Count}, err
}

func timeless(odd tally, field string) []sources.Note {
	var out []sources.Note
	if odd.whole > 0 {
		out = append(out, note(sources.NoteConfig, "lines without %s, which cannot be shown: %d; let the shipper set it", sources.NewText(field), odd.whole))
	}
	if odd.rest > 0 {
		out = append(out, note(sources.NoteConfig, "lines with %s in 1970, as seconds look that are taken for milliseconds: %d; let the shipper send milliseconds or RFC 3339", sources.NewText(field), odd.rest))
	}
	return out
}
