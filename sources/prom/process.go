package prom

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"rampart/sources"
)

// startMetric is what the client libraries export of every process (OpenMetrics, "process" metrics).
const startMetric = "process_start_time_seconds"

// startJitter is by how much a start may wander without a restart: it is computed from the boot time, which follows
// clock corrections.
const startJitter = 2000

// processKey names the process that exports a series, as far as its labels tell: a target and a pod.
func processKey(labels map[string]string) string {
	if labels["instance"] == "" && labels["pod"] == "" {
		return ""
	}
	return labels["job"] + "\x00" + labels["namespace"] + "\x00" + labels["pod"] + "\x00" + labels["instance"]
}

// life is what is known of one process: when it was scraped and when, by its own word, it had started.
type life struct {
	arm   sources.Arm
	at    []int64
	start []int64
}

// lives are the processes of a target by their key; shared and never changed once read.
type lives map[string]*life

// lives reads the starts of all processes of a target in one query. None found is no error: then the first values of
// new series cannot be told from old ones.
func (s *Source) lives(ctx context.Context, a *arms, w sources.Window) (lives, error) {
	var sels []selection
	switch {
	case len(a.target.Select) > 0:
		sels = []selection{{name: oneOf(nameLabel, []string{startMetric}), service: a.target.Select}}
	case !a.byMetric() && a.joined == nil:
		sels = a.selectors([]string{startMetric})
	default:
		return nil, nil
	}
	found := lives{}
	limit := s.cfg.MaxSeries
	for _, sel := range sels {
		_, err := s.ask(ctx, question{selection: sel, span: w.Length(), at: w.To}, func(sr *series) error {
			if limit--; limit < 0 {
				return errTooMany
			}
			found.add(sr, a)
			return nil
		})
		if errors.Is(err, errTooMany) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
	for _, l := range found {
		l.sort()
	}
	return found, nil
}

var errTooMany = errors.New("too many series")

func (ls lives) add(sr *series, a *arms) {
	key := processKey(sr.Labels)
	if key == "" {
		return
	}
	l := ls[key]
	if l == nil {
		l = &life{}
		ls[key] = l
	}
	if arm, err := a.of(sr.Labels); err == nil && !a.byMetric() {
		l.arm = arm
	}
	for i, v := range sr.Floats.v {
		if v > 0 && v < 1e11 {
			l.at, l.start = append(l.at, sr.Floats.at[i]), append(l.start, int64(v*1000))
		}
	}
}

// sort brings the scrapes of several replicas into one order.
func (l *life) sort() {
	if slices.IsSorted(l.at) {
		return
	}
	order := make([]int, len(l.at))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(l.at[i], l.at[j]) })
	at, start := make([]int64, len(order)), make([]int64, len(order))
	for n, i := range order {
		at[n], start[n] = l.at[i], l.start[i]
	}
	l.at, l.start = at, start
}

// started is when the process that was scraped last at or before t had started, if it was scraped after oldest.
func (l *life) started(t, oldest int64) (int64, bool) {
	if l == nil {
		return 0, false
	}
	i, _ := slices.BinarySearch(l.at, t+1)
	if i == 0 || l.at[i-1] <= oldest {
		return 0, false
	}
	return min(l.start[i-1], t), true
}

// restarted is the first scrape of another process after one instant and until another, if there is one.
func (l *life) restarted(after, until, oldest int64) (int64, bool) {
	before, ok := l.started(after, oldest)
	if !ok {
		return 0, false
	}
	for i, _ := slices.BinarySearch(l.at, after+1); i < len(l.at) && l.at[i] <= until; i++ {
		if l.start[i]-before > startJitter {
			return l.at[i], true
		}
	}
	return 0, false
}

// scrapedIn tells whether the process was scraped within a span.
func (l *life) scrapedIn(after, until int64) bool {
	i, _ := slices.BinarySearch(l.at, after+1)
	return i < len(l.at) && l.at[i] <= until
}

// ranged makes a range selector.
func ranged(sel string, d time.Duration) string {
	if d%time.Second != 0 {
		return sel + "[" + strconv.FormatInt(d.Milliseconds(), 10) + "ms]"
	}
	return sel + "[" + strconv.FormatInt(int64(d/time.Second), 10) + "s]"
}
