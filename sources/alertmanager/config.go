package alertmanager

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
	"rampart/sources/road"
)

// Config says where an Alertmanager is.
type Config struct {
	URL     string // the base, without /api/v2
	Bearer  sources.Secret
	Basic   *road.Basic
	TLS     road.Trust
	Timeout time.Duration     // of one request; 5 s when 0
	Repeat  time.Duration     // how often a lasting alert is posted again; 1 min when 0
	Labels  map[string]string // added to each alert
	Now     func() time.Time
}

const defaultRepeat = time.Minute

// door is the one way to a server.
type door struct {
	base string
	conf Config
	road *notify.Road
}

func newDoor(c Config) (*door, error) {
	invalid := func(err error) error {
		return &sources.Error{Op: "config", Target: "alertmanager", Kind: sources.ErrInvalid, Cause: err}
	}
	u, err := url.Parse(c.URL)
	switch {
	case err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "":
		return nil, invalid(errors.New("url: not an http or https URL"))
	case u.User != nil:
		return nil, invalid(errors.New("url: credentials in a URL end up in logs; use basic or bearer"))
	case c.Now == nil:
		return nil, invalid(errors.New("no clock"))
	}
	if c.Repeat <= 0 {
		c.Repeat = defaultRepeat
	}
	way, err := notify.NewRoad("alertmanager", notify.Config{TLS: c.TLS, Timeout: c.Timeout})
	if err != nil {
		return nil, err
	}
	return &door{base: strings.TrimRight(u.String(), "/"), conf: c, road: way}, nil
}

// ask sends a request and reads a JSON answer into out; nil: the answer does not matter.
func (d *door) ask(ctx context.Context, method, path string, body []byte, out any) error {
	b, err := d.road.Send(ctx, func(ctx context.Context, fresh bool) (notify.Request, error) {
		q := notify.Request{Method: method, URL: d.base + path, Body: body, Header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}}
		who, secret, err := d.identity(ctx, fresh)
		if who != "" {
			q.Header.Set("Authorization", who)
		}
		q.Said = func(body []byte) string { return said(body, secret) }
		return q, err
	})
	if err != nil || out == nil {
		return err
	}
	if err := json.Unmarshal(b, out); err != nil {
		return &sources.Error{Op: "alertmanager", Target: d.base, Kind: sources.ErrInvalid, Cause: errors.New("answered something that is not its API's"), Fix: "url must be what stands before /api/v2"}
	}
	return nil
}

func (d *door) identity(ctx context.Context, fresh bool) (header, secret string, err error) {
	switch {
	case d.conf.Bearer != nil:
		secret, err = sources.Reveal(ctx, d.conf.Bearer, fresh)
		header = "Bearer " + secret
	case d.conf.Basic != nil:
		secret, err = sources.Reveal(ctx, d.conf.Basic.Password, fresh)
		header = "Basic " + base64.StdEncoding.EncodeToString([]byte(d.conf.Basic.Username+":"+secret))
	}
	if err != nil {
		return "", "", err
	}
	return header, secret, nil
}

// said is the API's own word about a refusal: a JSON string, or an object with a message. Other bodies may hold anything.
func said(body []byte, secret string) string {
	var text string
	var object struct{ Message string }
	if json.Unmarshal(body, &text) != nil && json.Unmarshal(body, &object) == nil {
		text = object.Message
	}
	if secret != "" {
		text = strings.ReplaceAll(text, secret, "***")
	}
	return notify.Short(text, notify.MostTitle)
}

// ready asks whether the server would take a request, without sending anything.
func (d *door) ready(ctx context.Context) error {
	if err := d.ask(ctx, http.MethodGet, "/-/ready", nil, nil); err != nil {
		return fmt.Errorf("ask whether it is ready: %w", err)
	}
	return nil
}
