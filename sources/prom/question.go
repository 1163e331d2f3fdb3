package prom

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"rampart/sources"
)

// selection is an instant selector in parts: a metric's name, what selects the service, and what the arms add to it.
type selection struct {
	name    sources.Matcher
	service []sources.Matcher
	arms    []sources.Matcher
}

// String writes the selector.
func (s selection) String() string { return selector(s.name, s.service, s.arms) }

// selector writes an instant selector.
func selector(name sources.Matcher, ms ...[]sources.Matcher) string {
	var b strings.Builder
	var parts []string
	if name.Op == "=" && model.LegacyValidation.IsValidMetricName(name.Value) {
		b.WriteString(name.Value)
	} else {
		parts = append(parts, render(name))
	}
	for _, m := range slices.Concat(ms...) {
		parts = append(parts, render(m))
	}
	if len(parts) > 0 {
		b.WriteString("{" + strings.Join(parts, ",") + "}")
	}
	return b.String()
}

// oneOf matches a label that has any of the values.
func oneOf(label string, values []string) sources.Matcher {
	if len(values) == 1 {
		return sources.Matcher{Label: label, Op: "=", Value: values[0]}
	}
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = regexp.QuoteMeta(v)
	}
	return sources.Matcher{Label: label, Op: "=~", Value: strings.Join(quoted, "|")}
}

// render writes one matcher; label names that old servers do not know are quoted, as new ones want them.
func render(m sources.Matcher) string {
	return quotedLabel(m.Label) + m.Op + strconv.Quote(m.Value)
}

func quotedLabel(l string) string {
	if model.LegacyValidation.IsValidLabelName(l) {
		return l
	}
	return strconv.Quote(l)
}

// texts writes several selectors.
func texts(sels []selection) []string {
	out := make([]string, len(sels))
	for i, sel := range sels {
		out[i] = sel.String()
	}
	return out
}

// question is one expression over one selection: its raw samples, something of each series, or an aggregation. Written
// so, and not as text, the questions of services that differ in one label alone can be asked as one.
type question struct {
	selection
	span       time.Duration // of a range selector; 0: an instant one
	head, tail string        // what stands around the selector
	fold       string        // an aggregation of that, such as max
	by         []string      // the labels that it keeps
	at         time.Time     // the instant; of a range query the last one
	steps      time.Duration // a range query from at less this; 0: an instant one
	step       time.Duration
}

// raw tells whether the answer is samples as they were scraped, of which a part answers a question for a shorter span.
func (q question) raw() bool { return q.span > 0 && q.head == "" && q.fold == "" }

// expr writes the expression.
func (q question) expr() string {
	sel := q.String()
	if q.span > 0 {
		sel = ranged(sel, q.span)
	}
	inner := q.head + sel + q.tail
	labels := slices.Compact(slices.Sorted(slices.Values(q.by)))
	switch {
	case q.fold == "":
		return inner
	case len(labels) == 0:
		return q.fold + "(" + inner + ")"
	}
	for i, l := range labels {
		labels[i] = quotedLabel(l)
	}
	return q.fold + " by (" + strings.Join(labels, ", ") + ") (" + inner + ")"
}

// form is the question as the API wants it, and under which path.
func (q question) form(timeout time.Duration) (path string, form url.Values) {
	form = url.Values{"query": {q.expr()}, "timeout": {timeout.String()}}
	if q.step == 0 {
		form.Set("time", unixSeconds(q.at))
		return "api/v1/query", form
	}
	form.Set("start", unixSeconds(q.at.Add(-q.steps)))
	form.Set("end", unixSeconds(q.at))
	form.Set("step", strconv.FormatFloat(q.step.Seconds(), 'f', -1, 64))
	return "api/v1/query_range", form
}

func unixSeconds(t time.Time) string {
	return strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', 3, 64)
}

// part is a question as a member of a group asks it; value is its own in the label that tells the members apart.
type part struct {
	question
	value string
}

// apart tells what a question has in common with those that may be asked together with it, and the value that it alone
// has. It is not ok for a question that cannot be told apart by the label.
//
// Spans of raw samples may differ: the longest is asked for, and each takes the samples of its own.
func (q question) apart(label string) (key, value string, ok bool) {
	own := -1
	for i, m := range q.service {
		switch {
		case m.Label != label:
		case own >= 0 || m.Op != "=" || m.Value == "": // an empty value also stands for a missing label
			return "", "", false
		default:
			own = i
		}
	}
	if own < 0 {
		return "", "", false
	}
	common := q
	common.service = slices.Delete(slices.Clone(q.service), own, own+1)
	if q.raw() {
		common.span = 1 // any
	}
	return fmt.Sprintf("%d %d %d %s", q.at.UnixMilli(), q.steps, q.step, common.expr()), q.service[own].Value, true
}

// together is the one question for all parts, which have a key in common.
func together(label string, parts []part) question {
	all := parts[0].question
	var values []string
	for _, p := range parts {
		values = append(values, p.value)
		all.span = max(all.span, p.span)
	}
	slices.Sort(values)
	all.service = slices.Clone(all.service)
	own := slices.IndexFunc(all.service, func(m sources.Matcher) bool { return m.Label == label })
	all.service[own] = oneOf(label, slices.Compact(values))
	if all.fold != "" {
		all.by = append(slices.Clone(all.by), label)
	}
	return all
}

// divide hands the series of an answer to the parts that they belong to.
func divide(label string, parts []part, all question, give func(i int, s *series)) func(*series) error {
	of := map[string][]int{}
	for i, p := range parts {
		of[p.value] = append(of[p.value], i)
	}
	return func(s *series) error {
		whose := of[s.Labels[label]]
		for n, i := range whose {
			mine := *s
			if n < len(whose)-1 { // whoever takes samples may change them
				mine.Floats, mine.Histograms = s.Floats.clone(), s.Histograms.clone()
			}
			if all.raw() && parts[i].span < all.span {
				mine.since(all.at.Add(-parts[i].span).UnixMilli())
				if len(mine.Floats.at)+len(mine.Histograms.at) == 0 {
					continue // asked for this part alone, the series would not have come
				}
			}
			give(i, &mine)
		}
		return nil
	}
}

// since leaves out the samples up to an instant.
func (s *series) since(at int64) {
	i, _ := slices.BinarySearch(s.Floats.at, at+1)
	s.Floats.at, s.Floats.v = s.Floats.at[i:], s.Floats.v[i:]
	i, _ = slices.BinarySearch(s.Histograms.at, at+1)
	s.Histograms.at, s.Histograms.whole = s.Histograms.at[i:], s.Histograms.whole[i:]
}

func (p points) clone() points { return points{at: slices.Clone(p.at), v: slices.Clone(p.v)} }

func (p nativePoints) clone() nativePoints {
	return nativePoints{at: slices.Clone(p.at), whole: slices.Clone(p.whole)}
}
