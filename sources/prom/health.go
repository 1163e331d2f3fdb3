package prom

import (
	"context"
	"net/http"
	"time"

	"rampart/sources"
	"rampart/sources/road"
)

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
	if err := e.failure(); err != nil {
		return time.Time{}, err
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
	case s.way.Who.Basic != nil:
		return s.way.Who.Basic.Username + " (basic)"
	case s.way.Who.Bearer != nil:
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
