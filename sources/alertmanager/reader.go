package alertmanager

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
)

// mostShown bounds the alerts and the silences of one service.
const mostShown = 100

// Reader reads what concerns one service.
type Reader struct {
	door     *door
	matchers []Matcher
}

// NewReader returns a reader of a checked config; it connects to nothing yet. Without matchers everything would concern
// the service, so at least one is needed.
func NewReader(c Config, matchers []Matcher) (*Reader, error) {
	if len(matchers) == 0 {
		return nil, &sources.Error{Op: "config", Target: "alertmanager", Kind: sources.ErrInvalid, Cause: errors.New("no matcher")}
	}
	d, err := newDoor(c)
	if err != nil {
		return nil, err
	}
	return &Reader{door: d, matchers: slices.Clone(matchers)}, nil
}

// Target is where it asks.
func (r *Reader) Target() string { return r.door.base }

// gettable is an alert as the API gives it (gettableAlert).
type gettable struct {
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	Fingerprint string            `json:"fingerprint"`
	Status      struct {
		InhibitedBy []string `json:"inhibitedBy"`
		SilencedBy  []string `json:"silencedBy"`
	} `json:"status"`
}

// hush is a silence as the API gives it (gettableSilence).
type hush struct {
	ID        string    `json:"id"`
	CreatedBy string    `json:"createdBy"`
	Comment   string    `json:"comment"`
	StartsAt  time.Time `json:"startsAt"`
	EndsAt    time.Time `json:"endsAt"`
	Status    struct {
		State string `json:"state"`
	} `json:"status"`
	Matchers []struct {
		Name, Value string
		IsRegex     bool
		IsEqual     *bool // missing before version 0.22: true
	} `json:"matchers"`
}

// Alerting asks for the alerts that fire and the silences that are active or pending.
func (r *Reader) Alerting(ctx context.Context) (sources.Alerting, error) {
	out := sources.Alerting{At: r.door.conf.Now()}
	q := url.Values{"active": {"true"}, "silenced": {"true"}, "inhibited": {"true"}}
	for _, m := range r.matchers {
		q.Add("filter", m.String())
	}
	var alerts []gettable
	if err := r.door.ask(ctx, http.MethodGet, "/api/v2/alerts?"+q.Encode(), nil, &alerts); err != nil {
		return sources.Alerting{}, err
	}
	var silences []hush
	if err := r.door.ask(ctx, http.MethodGet, "/api/v2/silences", nil, &silences); err != nil {
		return sources.Alerting{}, err
	}
	mutes := map[string]bool{}
	for _, a := range alerts {
		for _, id := range a.Status.SilencedBy {
			mutes[id] = true
		}
		out.Alerts = append(out.Alerts, a.alert())
	}
	for _, s := range silences {
		if s.Status.State != "expired" && (mutes[s.ID] || r.concerns(s)) {
			out.Silences = append(out.Silences, s.silence())
		}
	}
	slices.SortStableFunc(out.Alerts, func(a, b sources.Alert) int { return a.Since.Compare(b.Since) })
	slices.SortStableFunc(out.Silences, func(a, b sources.Silence) int { return a.From.Compare(b.From) })
	if n := len(out.Alerts); n > mostShown {
		out.Alerts = out.Alerts[n-mostShown:]
		out.Notes = append(out.Notes, sources.Note{Kind: sources.NoteSampled, Text: sources.Textf("%d alerts fire, the newest %d are shown: narrow the matchers", n, mostShown)})
	}
	if n := len(out.Silences); n > mostShown {
		out.Silences = out.Silences[n-mostShown:]
	}
	return out, nil
}

// concerns tells whether a silence speaks of the service by the labels that our matchers fix.
func (r *Reader) concerns(s hush) bool {
	named := false
	for _, m := range s.matchers() {
		for _, ours := range r.matchers {
			if ours.Op != "=" || ours.Name != m.Name {
				continue
			}
			if !m.accepts(ours.Value) {
				return false
			}
			named = true
		}
	}
	return named
}

func (s hush) matchers() []Matcher {
	out := make([]Matcher, 0, len(s.Matchers))
	for _, m := range s.Matchers {
		op := "="
		if m.IsEqual != nil && !*m.IsEqual {
			op = "!"
		}
		switch {
		case m.IsRegex:
			op += "~"
		case op == "!":
			op = "!="
		}
		out = append(out, Matcher{Name: m.Name, Op: op, Value: m.Value})
	}
	return out
}

func (s hush) silence() sources.Silence {
	words := make([]string, 0, len(s.Matchers))
	for _, m := range s.matchers() {
		words = append(words, m.String())
	}
	return sources.Silence{
		ID: sources.Visible(s.ID), By: sources.NewText(s.CreatedBy), Comment: text(s.Comment), Matchers: text(strings.Join(words, " ")), From: s.StartsAt, To: s.EndsAt,
	}
}

func (a gettable) alert() sources.Alert {
	summary := a.Annotations["summary"]
	if summary == "" {
		summary = a.Annotations["description"]
	}
	name := a.Labels["alertname"]
	return sources.Alert{
		ID: sources.Visible(a.Fingerprint), Name: text(name), Severity: text(a.Labels["severity"]), Summary: text(summary), Since: a.StartsAt,
		Muted: len(a.Status.SilencedBy)+len(a.Status.InhibitedBy) > 0, Ours: strings.HasPrefix(name, "Rampart") && a.Labels["matter"] != "",
	}
}

// text bounds what somebody else wrote.
func text(s string) sources.Text { return sources.NewText(notify.Short(s, notify.MostTitle)) }
