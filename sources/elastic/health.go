package elastic

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
)

// Health says who we are to the cluster and how far its clock is from ours. It asks one search without hits, which every
// key that may read may ask.
func (s *Source) Health(ctx context.Context) sources.Health {
	h := sources.Health{Source: "elasticsearch", Target: s.target, Who: s.who(ctx), Version: s.know().version}
	if s.cfg.TLS.Insecure {
		h.Notes = append(h.Notes, note(sources.NoteConfig, "tls.insecure: the server is not verified"))
	}
	started := s.cfg.Now()
	skew, known, err := s.askClock(ctx)
	h.RTT, h.Err = s.cfg.Now().Sub(started), err
	if err != nil {
		return h
	}
	if h.Skew = skew; !known {
		h.Notes = append(h.Notes, note(sources.NoteSkew, "its clock cannot be told"))
	}
	if skew.Abs() > 5*time.Second {
		h.Notes = append(h.Notes, note(sources.NoteSkew, "its clock is %v from ours", skew.Round(time.Second)))
	}
	return h
}

// who is what we are known as without asking: the id of an API key is no secret, its other half is.
func (s *Source) who(ctx context.Context) sources.Text {
	if w := s.know().who; !w.IsZero() {
		return w
	}
	switch {
	case s.cfg.Basic != nil:
		return sources.NewText(s.cfg.Basic.Username)
	case s.cfg.Bearer != nil:
		return sources.NewText("a bearer token")
	case s.cfg.APIKey != nil:
		key, err := s.cfg.APIKey.Get(ctx, false)
		plain, derr := base64.StdEncoding.DecodeString(key)
		if id, _, ok := strings.Cut(string(plain), ":"); err == nil && derr == nil && ok {
			return sources.NewText("API key " + id)
		}
		return sources.NewText("an API key")
	}
	return sources.NewText("nobody: no credentials are configured")
}

const clockBelieved = 10 * time.Minute

// clock keeps the cluster's clock known: what "now" is decides which lines can be there. A cluster that cannot tell it is no
// failure, one that does not answer is.
func (s *Source) clock(ctx context.Context) error {
	if k := s.know(); !k.skewAt.IsZero() && s.cfg.Now().Sub(k.skewAt) <= clockBelieved {
		return nil
	}
	said, err := s.learnTogether(ctx, "clock "+s.cfg.Index+" "+s.cfg.Fields.Time, func(ctx context.Context) (learnt, error) {
		_, _, err := s.askClock(ctx)
		return s.know(), err
	})
	switch {
	case errors.Is(err, sources.ErrInvalid):
		s.note(func(l *learnt) { l.skewAt = s.cfg.Now() })
		return nil
	case err == nil:
		s.note(func(l *learnt) { l.skew, l.skewAt = said.skew, said.skewAt })
	}
	return err
}

// askClock learns how far the cluster's clock is from ours. Elasticsearch sends no Date; a range from "now" comes back with
// the instant it means there.
func (s *Source) askClock(ctx context.Context) (skew time.Duration, known bool, err error) {
	body := dsl{
		"size": 0, "track_total_hits": false, "terminate_after": 1, "query": dsl{"match_none": dsl{}},
		"aggs": dsl{"clock": dsl{"date_range": dsl{"field": s.cfg.Fields.Time, "ranges": []any{dsl{"from": "now"}}}}},
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, false, s.fault("ask the time", err)
	}
	var at time.Time
	var fine time.Duration
	var total int
	before := s.cfg.Now()
	err = s.do(ctx, "ask the time", esapi.SearchRequest{Index: s.index(s.know().fields), Body: strings.NewReader(string(raw)), Preference: s.copies}, func(r io.Reader, res *esapi.Response) error {
		a, err := readAnswer(r, s.cfg.Answer, noHits)
		at, fine = clockOf(a.Aggs, res.Header)
		total = a.Shards.Total
		return err
	})
	after := s.cfg.Now()
	switch {
	case err != nil:
		return 0, false, err
	case total == 0:
		return 0, false, s.noIndex()
	case at.IsZero():
		s.note(func(l *learnt) { l.skewAt = after })
		return 0, false, nil
	}
	half := after.Sub(before) / 2
	if skew = at.Sub(before.Add(half)); skew.Abs() <= half+fine {
		skew = 0 // less than the way there and back can tell
	}
	s.note(func(l *learnt) { l.skew, l.skewAt = skew, after })
	return skew, true, nil
}

// clockOf reads the instant from the aggregation, else the Date that a proxy in between may have set, and how fine it is.
func clockOf(raw json.RawMessage, header http.Header) (time.Time, time.Duration) {
	var said struct {
		Clock struct {
			Buckets []struct {
				From float64 `json:"from"`
			} `json:"buckets"`
		} `json:"clock"`
	}
	if json.Unmarshal(raw, &said) == nil && len(said.Clock.Buckets) == 1 && said.Clock.Buckets[0].From > 0 {
		return time.UnixMilli(int64(said.Clock.Buckets[0].From)), time.Millisecond
	}
	at, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}, 0
	}
	return at.Add(500 * time.Millisecond), 500 * time.Millisecond // it names a whole second
}
