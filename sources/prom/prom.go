package prom

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"rampart/sources"
)

// inFlight is how many queries one Source has under way at most: a console must not be the load it looks for.
const inFlight = 4

// Source is a Prometheus, or anything that speaks its HTTP API. It is safe for many goroutines and starts none that
// outlive a call.
type Source struct {
	cfg    Config
	base   *url.URL // without user
	target string   // what errors call it
	http   *http.Client
	api    v1.API
	gate   chan struct{}
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
		cfg: c.filled(), base: road.base, target: road.base.String(), http: client,
		api: v1.NewAPI(apiClient), gate: make(chan struct{}, inFlight),
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

// raw asks for the raw samples of one range selector up to an instant and hands over each series as it is read.
func (s *Source) raw(ctx context.Context, selector string, at time.Time, each func(*series) error) (envelope, error) {
	ctx, end, err := s.begin(ctx)
	if err != nil {
		return envelope{}, s.fault("query", err)
	}
	defer end()
	e, err := s.stream(ctx, selector, at, each)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err() // a body that was cut off by our own deadline is no fault of its form
	}
	if err != nil {
		return e, s.fault("query", err)
	}
	return e, nil
}

func (s *Source) stream(ctx context.Context, selector string, at time.Time, each func(*series) error) (envelope, error) {
	form := url.Values{
		"query":   {selector},
		"time":    {strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)},
		"timeout": {s.cfg.Timeout.String()},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base.JoinPath("api/v1/query").String(), strings.NewReader(form.Encode()))
	if err != nil {
		return envelope{}, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.http.Do(req)
	if err != nil {
		return envelope{}, err
	}
	defer discard(resp)
	e, err := readMatrix(resp.Body, each)
	switch {
	case err != nil:
		return e, err
	case e.Status == "error":
		return e, &v1.Error{Type: v1.ErrorType(e.ErrorType), Msg: e.Error}
	case e.Status != "success":
		return e, fmt.Errorf("%w: it has no status", errNotJSON)
	case e.kind != "matrix":
		return e, &v1.Error{Type: v1.ErrBadData, Msg: "a " + e.kind + " where raw samples were expected"}
	}
	return e, nil
}

func (s *Source) fault(op string, err error) error { return fault(op, s.target, s.cfg.Timeout, err) }
