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
	"math"
	"net/http"
	"net/url"
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
	way    *transport
	http   *http.Client
	api    v1.API
	gate   chan struct{}
	now    func() time.Time
	seat   *seat // among the services of a group; nil: alone
}

var _ sources.Metrics = (*Source)(nil)

// New makes a source of a config. It asks nothing of the server.
func New(c Config) (*Source, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	way, err := newTransport(c)
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w", err)
	}
	client := road.Client(way)
	apiClient, err := api.NewClient(api.Config{Address: way.base.String(), Client: client})
	if err != nil {
		return nil, fmt.Errorf("prometheus: %w", err)
	}
	return &Source{
		cfg: c.filled(), base: way.base, target: way.base.String(), way: way, http: client,
		api: v1.NewAPI(apiClient), gate: make(chan struct{}, inFlight), now: time.Now,
	}, nil
}

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
