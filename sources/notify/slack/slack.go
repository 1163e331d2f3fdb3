// Package slack tells a channel through an incoming webhook of Slack, or of what understands the same document
// (Mattermost, Rocket.Chat).
//
// It promises: one message for each notice; texts are shortened, in their visible form, and inert: no mention of a
// channel, no link, picture or format of theirs is taken for one; the webhook's address is a secret and stands in no
// error. A [Receiver] owns no goroutine beyond a call.
//
// # Why
//
// An attachment and not blocks: it carries the colour that a severity is known by, and the other programs understand it.
// Slack's own escapes are those of &, < and > (docs.slack.dev, "Formatting message text"); mentions and Markdown links are
// broken too, because the other programs read them where Slack does not.
package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
	"rampart/sources/road"
)

// Config says where to write.
type Config struct {
	URL     sources.Secret // the webhook's whole address
	TLS     road.Trust
	Timeout time.Duration // of one request; 5 s when 0
}

// Receiver is one channel.
type Receiver struct {
	url  sources.Secret
	road *notify.Road
}

var _ sources.Notifier = (*Receiver)(nil)

// New returns the receiver of a checked config; it connects to nothing yet.
func New(c Config) (*Receiver, error) {
	if c.URL == nil {
		return nil, &sources.Error{Op: "config", Target: "slack", Kind: sources.ErrInvalid, Cause: errors.New("no url")}
	}
	way, err := notify.NewRoad("slack", notify.Config{TLS: c.TLS, Timeout: c.Timeout})
	if err != nil {
		return nil, err
	}
	return &Receiver{url: c.URL, road: way}, nil
}

// Name is the way's name in the config.
func (*Receiver) Name() string { return "slack" }

// Notify posts a notice as one message.
func (r *Receiver) Notify(ctx context.Context, n sources.Notice) error {
	body, err := Message(n)
	if err != nil {
		return err
	}
	_, err = r.road.Send(ctx, func(ctx context.Context, fresh bool) (notify.Request, error) {
		at, err := sources.Reveal(ctx, r.url, fresh)
		header := http.Header{"Content-Type": {"application/json"}}
		return notify.Request{Method: http.MethodPost, URL: strings.TrimSpace(at), Body: body, Header: header, Said: word}, err
	})
	return err
}

// answers are the words by which Slack refuses, such as no_service and channel_is_archived. Anything else may hold what
// was sent.
var answers = regexp.MustCompile(`^[a-z]+(_[a-z]+){1,5}$`)

func word(body []byte) string {
	if body = bytes.TrimSpace(body); len(body) < 60 && answers.Match(body) {
		return string(body)
	}
	return ""
}

type message struct {
	Parse       string       `json:"parse"`
	Markdown    bool         `json:"mrkdwn"`
	LinkNames   bool         `json:"link_names"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	Fallback   string   `json:"fallback"`
	Color      string   `json:"color"`
	Title      string   `json:"title"`
	TitleLink  string   `json:"title_link,omitempty"`
	Text       string   `json:"text,omitempty"`
	Footer     string   `json:"footer"`
	At         int64    `json:"ts"`
	MarkdownIn []string `json:"mrkdwn_in"`
}

// Message is the document that a notice becomes.
func Message(n sources.Notice) ([]byte, error) {
	title := notify.Short(n.Title, notify.MostTitle)
	if n.Resolved {
		title = "over: " + title
	}
	a := attachment{
		Fallback: inert(title), Color: color(n), Title: inert(title), TitleLink: link(n.Link), Text: inert(notify.Short(n.Text, notify.MostText)),
		Footer: inert(notify.Short(fmt.Sprintf("rampart · %s · %s", n.Context, n.Kind), notify.MostTitle)), At: n.At.Unix(), MarkdownIn: []string{},
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(message{Parse: "none", Attachments: []attachment{a}}); err != nil {
		return nil, fmt.Errorf("slack: encode the notice: %w", err)
	}
	return b.Bytes(), nil
}

var (
	mention  = regexp.MustCompile(`(?i)@(channel|here|everyone|all|group)\b`)
	markdown = strings.NewReplacer("](", "] (", "&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// inert takes from a visible text what a chat program would act on.
func inert(s string) string { return markdown.Replace(mention.ReplaceAllString(s, "@ $1")) }

// link is our own link to more; anything but a web address is left out.
func link(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// color is a severity's, as Slack names them.
func color(n sources.Notice) string {
	switch {
	case n.Resolved:
		return "good"
	case n.Severity == sources.SeverityCritical:
		return "danger"
	case n.Severity == sources.SeverityWarning:
		return "warning"
	}
	return "#439fe0"
}
