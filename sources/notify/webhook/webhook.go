// Package webhook tells a web server of your own: one POST of one JSON document for each notice.
//
// It promises: the document is that of [notify.Document]; a notice that is sent again, because it is not known whether it
// arrived, carries the same Idempotency-Key; redirects are refused; no error holds the address's path, the secret or the
// token. A [Receiver] owns no goroutine beyond a call.
//
// # On the wire
//
//	POST URL
//	Content-Type: application/json
//	Idempotency-Key: 5f0c…                       the document's id
//	Authorization: Bearer TOKEN                   where one is given
//	Rampart-Signature: t=1795262400,v1=HEX        where a secret is given
//
//	{"version":1,"id":"5f0c…","key":"prod/ranker/call","at":"2026-01-05T14:05:32Z","context":"prod","service":"ranker",
//	 "kind":"call","severity":"critical","title":"ranker: WORSE","text":"errors ×4.0 …","resolved":false}
//
// HEX is HMAC-SHA256 (RFC 2104) by the secret of "t.POST.PATH?QUERY.BODY", joined by dots, t in Unix seconds: the same
// signature as that of the traffic plane of the same name. A server compares in constant time and refuses a t that is
// more than five minutes off. 2xx takes the notice; 401 and 403, other 4xx and 3xx give it up; 429 and 5xx ask to be
// tried again, after their Retry-After.
package webhook

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
	"rampart/sources/road"
)

// Config says where to write.
type Config struct {
	URL     sources.Secret // may hold a token, so it is one
	Secret  sources.Secret // signs every request; nil: unsigned
	Bearer  sources.Secret // nil: none
	TLS     road.Trust
	Timeout time.Duration // of one request; 5 s when 0
	Now     func() time.Time
}

// Receiver is one server.
type Receiver struct {
	conf Config
	road *notify.Road
}

var _ sources.Notifier = (*Receiver)(nil)

// New returns the receiver of a checked config; it connects to nothing yet.
func New(c Config) (*Receiver, error) {
	if c.URL == nil || c.Now == nil {
		return nil, &sources.Error{Op: "config", Target: "webhook", Kind: sources.ErrInvalid, Cause: errors.New("no url or no clock")}
	}
	way, err := notify.NewRoad("webhook", notify.Config{TLS: c.TLS, Timeout: c.Timeout})
	if err != nil {
		return nil, err
	}
	return &Receiver{conf: c, road: way}, nil
}

// Name is the way's name in the config.
func (*Receiver) Name() string { return "webhook" }

// Notify posts a notice.
func (r *Receiver) Notify(ctx context.Context, n sources.Notice) error {
	d := notify.DocumentOf(n)
	body, err := d.JSON()
	if err != nil {
		return err
	}
	return r.Post(ctx, d.ID, body)
}

// Post sends a document of another kind on the same road, signed in the same way.
func (r *Receiver) Post(ctx context.Context, id string, body []byte) error {
	_, err := r.road.Send(ctx, func(ctx context.Context, fresh bool) (notify.Request, error) {
		return r.request(ctx, id, body, fresh)
	})
	return err
}

func (r *Receiver) request(ctx context.Context, id string, body []byte, fresh bool) (notify.Request, error) {
	q := notify.Request{Method: http.MethodPost, Body: body, Header: http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {id}}}
	raw, err := sources.Reveal(ctx, r.conf.URL, fresh)
	if err != nil {
		return q, err
	}
	q.URL = strings.TrimSpace(raw)
	at, err := url.Parse(q.URL)
	if err != nil { // its own words would repeat the address
		return q, &sources.Error{Kind: sources.ErrInvalid, Cause: errors.New("not a URL"), Fix: "see what the secret holds"}
	}
	if r.conf.Bearer != nil {
		token, err := sources.Reveal(ctx, r.conf.Bearer, fresh)
		if err != nil {
			return q, err
		}
		q.Header.Set("Authorization", "Bearer "+token)
	}
	if r.conf.Secret != nil {
		secret, err := sources.Reveal(ctx, r.conf.Secret, fresh)
		if err != nil {
			return q, err
		}
		q.Header.Set(road.SignatureHeader, road.Sign(secret, r.conf.Now(), q.Method, at.RequestURI(), body))
	}
	return q, nil
}
