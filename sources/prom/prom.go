// Package prom reads metrics from Prometheus, and from whatever speaks its HTTP API. It meets [sources.Metrics].
//
// It promises whole requests: every count is the difference of raw samples, corrected for restarts, never an
// extrapolated rate. A block depends on the samples within its own lookback and on nothing else, so two consoles that
// were opened at different times, and one that reads a window in pieces, agree block for block. What could not be read
// is an error or a note, never a zero. A [Source] owns no goroutine that outlives a call; what it returns is the
// caller's and is not touched again.
//
// Why raw range selectors (`metric{...}[35m]`, asked as instant queries) instead of query_range at aligned steps: they
// alone carry the scrapes' own times. With those it can be told whether an arm was scraped in a block at all, a
// counter that restarted and grew within one block is seen, and a pod that is gone is not carried on for five minutes.
// A range query at the scrape interval moves the same number of samples, so nothing is saved by it. `increase()` was
// rejected because it extrapolates to counts that nobody made, and the tests of package analysis need whole ones.
//
// The increase of a sample runs from the one before it, which must lie within the lookback; a series without one
// counts from zero where zero is known (see scene.zero), else its first value is only a base. A child that comes back
// after missing scrapes would bring the requests of several blocks at once and look like a change of traffic: a block
// holds only increases that span as much time in the one arm as in the other (see spans.common).
//
// The answer is decoded as a stream, a series at a time, with a limit on their number: client_golang reads whole
// bodies, which for two hours of fifty pods is 20 MB at once and for a selector that matches too much is the end of
// the process. Everything that is not raw samples goes through client_golang's API; prometheus/common does TLS and
// proxies. Long windows are read in pieces, several at once.
package prom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"rampart/sources"
	"rampart/sources/road"
)

// inFlight is how many queries one Source has under way at most: a console must not be the load it looks for.
const inFlight = 4

// Source is a Prometheus, or anything that speaks its HTTP API. It is safe for many goroutines and starts none that
// outlive a call.
type Source struct {
	cfg    Config
	base   *url.URL // without user
	target string   // what errors call it
	road   *transport
	http   *http.Client
	api    v1.API
	gate   chan struct{}
	now    func() time.Time
}

var _ sources.Metrics = (*Source)(nil)

// New makes a source of a config. It asks nothing of the server.
func New(c Config) (*Source, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	road, err := newTransport(c)
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w", err)
	}
	client := &http.Client{Transport: road, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	apiClient, err := api.NewClient(api.Config{Address: road.base.String(), Client: client})
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w", err)
	}
	return &Source{
		cfg: c.filled(), base: road.base, target: road.base.String(), road: road, http: client,
		api: v1.NewAPI(apiClient), gate: make(chan struct{}, inFlight), now: time.Now,
	}, nil
}

// begin waits for a free place and gives the query its own deadline, which the time of waiting does not eat.
func (s *Source) begin(ctx context.Context) (context.Context, func(), error) {
	select {
	case s.gate <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	return ctx, func() { cancel(); <-s.gate }, nil
}

// raw asks one expression at one instant and hands over each series as it is read: the raw samples of a range
// selector, or single values.
func (s *Source) raw(ctx context.Context, expr string, at time.Time, each func(*series) error) (envelope, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return envelope{}, s.fault("query", err)
	}
	defer end()
	e, err := s.stream(ctx, expr, at, each)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // a body that was cut off by our own deadline is no fault of its form
	}
	if err != nil {
		return e, s.fault("query", err)
	}
	return e, nil
}

func (s *Source) stream(ctx context.Context, expr string, at time.Time, each func(*series) error) (envelope, error) {
	form := url.Values{
		"query":   {expr},
		"time":    {strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)},
		"timeout": {s.cfg.Timeout.String()},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base.JoinPath("api/v1/query").String(), strings.NewReader(form.Encode()))
	if err != nil {
		return envelope{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.http.Do(req) //nolint:bodyclose // road.Discard closes it.
	if err != nil {
		return envelope{}, err
	}
	defer road.Discard(resp.Body)
	e, err := readSeries(resp.Body, renewing(resp.Body, each))
	switch {
	case err != nil:
		return e, err
	case e.Status == "error":
		return e, &v1.Error{Type: v1.ErrorType(e.ErrorType), Msg: e.Error}
	case e.Status != "success":
		return e, foreign("it has no status")
	case e.kind != "matrix" && e.kind != "vector":
		return e, &v1.Error{Type: v1.ErrBadData, Msg: "a " + e.kind + " where series were expected"}
	}
	return e, nil
}

// renewing bounds each series by itself: how many there are is another limit's matter.
func renewing(body io.ReadCloser, each func(*series) error) func(*series) error {
	b, ok := body.(*bounded)
	if !ok {
		return each
	}
	return func(s *series) error { b.renew(); return each(s) }
}

func (s *Source) fault(op string, err error) error { return fault(op, s.target, s.cfg.Timeout, err) }

// Threshold reads one number of a free expression; see [sources.Metrics].
func (s *Source) Threshold(ctx context.Context, expr string, at time.Time) (sources.Sample, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return sources.Sample{}, s.fault("query", err)
	}
	defer end()
	value, warnings, infos, err := s.api.Query(ctx, expr, at, v1.WithTimeout(s.cfg.Timeout))
	if err != nil {
		return sources.Sample{}, s.fault("query", err)
	}
	v, seen, kind, err := single(value)
	if err != nil {
		return sources.Sample{}, &sources.Error{Op: "query", Target: expr, Kind: kind, Cause: err}
	}
	t := newTally(sources.Window{From: at, To: at})
	t.said(envelope{Warnings: warnings, Infos: infos})
	return sources.Sample{Value: v, At: seen, Notes: t.notes()}, nil
}

// single takes the one number out of an answer, or says why there is none.
func single(value model.Value) (v float64, at time.Time, kind, err error) {
	switch answer := value.(type) {
	case *model.Scalar:
		v, at = float64(answer.Value), answer.Timestamp.Time().UTC()
	case model.Vector:
		switch {
		case len(answer) == 0:
			return 0, at, sources.ErrNoData, errors.New("the expression gives no series")
		case len(answer) > 1:
			return 0, at, sources.ErrInvalid, fmt.Errorf("the expression gives %d series, want one", len(answer))
		case answer[0].Histogram != nil:
			return 0, at, sources.ErrInvalid, errors.New("the expression gives a histogram, want a number")
		}
		v, at = float64(answer[0].Value), answer[0].Timestamp.Time().UTC()
	default:
		return 0, at, sources.ErrInvalid, fmt.Errorf("the expression gives %s, want a number", shape(value))
	}
	if math.IsNaN(v) {
		return 0, at, sources.ErrNoData, errors.New("the expression gives NaN, as a ratio without requests does")
	}
	return v, at, nil, nil
}

// shape names what came instead of what was expected.
func shape(v model.Value) string {
	if v == nil {
		return "nothing of the API's"
	}
	return "a " + v.Type().String()
}

// skewShown is from which difference on clocks are said to differ: the server's Date header has whole seconds.
const skewShown = 2 * time.Second

// Health asks the server what it is and what time it has there; see [sources.Metrics]. Who we are is what we say of
// ourselves: Prometheus does not tell whom it sees.
func (s *Source) Health(ctx context.Context) sources.Health {
	out := sources.Health{Source: "prometheus", Target: s.target, Who: sources.NewText(s.who())}
	say := func(kind sources.NoteKind, format string, args ...any) {
		out.Notes = append(out.Notes, sources.Note{Kind: kind, Text: sources.Textf(format, args...)})
	}
	if s.cfg.TLS.Insecure {
		say(sources.NoteConfig, "the server's certificate is not verified")
	}
	ctx, end, err := s.begin(ctx)
	if err != nil {
		out.Err = s.fault("ask", err)
		return out
	}
	defer end()
	if out.RTT, out.Skew, err = s.knock(ctx, say); err != nil {
		out.Err = s.fault("ask", err)
		return out
	}
	if build, err := s.api.Buildinfo(ctx); err == nil {
		out.Version = sources.NewText(build.Version)
	} else {
		say(sources.NoteInfo, "it does not tell its version")
	}
	if run, err := s.api.Runtimeinfo(ctx); err == nil && !run.ReloadConfigSuccess && !run.StartTime.IsZero() {
		say(sources.NoteWarning, "it could not load its last config and runs on the one before")
	}
	return out
}

// knock asks the smallest query and compares the clocks.
func (s *Source) knock(ctx context.Context, say func(sources.NoteKind, string, ...any)) (rtt, skew time.Duration, err error) {
	sent := s.now()
	date, err := s.date(ctx)
	if err != nil {
		return 0, 0, err
	}
	rtt = s.now().Sub(sent)
	if date.IsZero() {
		say(sources.NoteSkew, "the server tells no time")
		return rtt, 0, nil
	}
	// A header of whole seconds is half a second old on average.
	skew = date.Add(500 * time.Millisecond).Sub(sent.Add(rtt / 2))
	if skew.Abs() < skewShown {
		return rtt, 0, nil
	}
	skew = skew.Round(time.Second)
	say(sources.NoteSkew, "its clock is %v %s ours", skew.Abs(), aheadOrBehind(skew))
	return rtt, skew, nil
}

// date asks the smallest query and returns the server's time; zero when it tells none.
func (s *Source) date(ctx context.Context) (time.Time, error) {
	u := s.base.JoinPath("api/v1/query")
	u.RawQuery = "query=vector(1)"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return time.Time{}, err
	}
	resp, err := s.http.Do(req) //nolint:bodyclose // road.Discard closes it.
	if err != nil {
		return time.Time{}, err
	}
	defer road.Discard(resp.Body)
	e, err := readSeries(resp.Body, func(*series) error { return nil })
	if err != nil {
		return time.Time{}, err
	}
	if e.Status != "success" {
		return time.Time{}, foreign("it has no status")
	}
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return time.Time{}, nil
	}
	return date, nil
}

// who names our credentials, never their values.
func (s *Source) who() string {
	switch {
	case s.road.who.Password != nil:
		return s.road.who.Username + " (basic)"
	case s.road.who.Bearer != nil:
		return "bearer token"
	case s.cfg.TLS.Cert != "":
		return "client certificate " + s.cfg.TLS.Cert
	}
	return "nobody (no credentials)"
}

func aheadOrBehind(skew time.Duration) string {
	if skew > 0 {
		return "ahead of"
	}
	return "behind"
}
