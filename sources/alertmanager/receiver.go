package alertmanager

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"rampart/sources"
	"rampart/sources/notify"
)

// How long an alert lasts that nobody ends: an event, and a matter that has no end of its own.
const (
	eventLasts  = 5 * time.Minute
	matterLasts = time.Hour
	ahead       = 4 // repeats
)

// Receiver raises alerts.
type Receiver struct {
	door *door
	mu   sync.Mutex
	held map[string]standing // by the notice's key
}

// standing is an alert that is posted again until it is over.
type standing struct {
	alert posted
	until time.Time // zero: until it is told to be over
}

// posted is an alert as the API takes it (postableAlert).
type posted struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

var _ sources.Notifier = (*Receiver)(nil)

// New returns the receiver of a checked config; it connects to nothing yet.
func New(c Config) (*Receiver, error) {
	d, err := newDoor(c)
	if err != nil {
		return nil, err
	}
	return &Receiver{door: d, held: map[string]standing{}}, nil
}

// Name is the way's name in the config.
func (*Receiver) Name() string { return "alertmanager" }

// Ready asks whether the server would take alerts, and sends none.
func (r *Receiver) Ready(ctx context.Context) error { return r.door.ready(ctx) }

// Notify raises or ends an alert.
func (r *Receiver) Notify(ctx context.Context, n sources.Notice) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.door.conf.Now().UTC()
	was, lasting := r.held[n.Key]
	if n.Resolved {
		if !lasting { // nobody heard that it began, or it ended by itself
			return nil
		}
		was.alert.EndsAt = now
		if err := r.post(ctx, was.alert); err != nil {
			return err
		}
		delete(r.held, n.Key)
		return nil
	}
	is := standing{alert: r.alert(n)}
	var send []posted
	if lasting && !maps.Equal(was.alert.Labels, is.alert.Labels) {
		was.alert.EndsAt = now
		send = append(send, was.alert)
	}
	switch is.alert.EndsAt = now.Add(ahead * r.door.conf.Repeat); n.Kind {
	case sources.NoticeAction, sources.NoticeRamp:
		is.alert.EndsAt = now.Add(eventLasts)
	case sources.NoticeRung, sources.NoticeApproval:
		is.until = now.Add(matterLasts)
	case sources.NoticeCall:
	}
	if err := r.post(ctx, append(send, is.alert)...); err != nil {
		return err
	}
	if delete(r.held, n.Key); n.Kind != sources.NoticeAction && n.Kind != sources.NoticeRamp {
		r.held[n.Key] = is
	}
	return nil
}

// alert is a notice as an alert that has no end yet.
func (r *Receiver) alert(n sources.Notice) posted {
	d := notify.DocumentOf(n)
	labels := maps.Clone(r.door.conf.Labels)
	if labels == nil {
		labels = map[string]string{}
	}
	kind := string(n.Kind)
	labels["alertname"] = "Rampart" + strings.ToUpper(kind[:min(1, len(kind))]) + kind[min(1, len(kind)):]
	labels["context"], labels["service"], labels["severity"] = d.Context, d.Service, d.Severity.String()
	labels["matter"] = strings.TrimPrefix(d.Key, d.Context+"/"+d.Service+"/")
	out := posted{Labels: labels, Annotations: map[string]string{"summary": d.Title}, StartsAt: d.At}
	if d.Text != "" {
		out.Annotations["description"] = d.Text
	}
	if u, err := url.Parse(d.Link); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		out.GeneratorURL = u.String()
	}
	return out
}

func (r *Receiver) post(ctx context.Context, alerts ...posted) error {
	if len(alerts) == 0 {
		return nil
	}
	body, err := json.Marshal(alerts)
	if err != nil {
		return fmt.Errorf("alertmanager: encode: %w", err)
	}
	return r.door.ask(ctx, http.MethodPost, "/api/v2/alerts", body, nil)
}

// Run posts what lasts again, until ctx ends. What fails is posted by the next round: an end is four rounds ahead.
func (r *Receiver) Run(ctx context.Context) {
	tick := time.NewTicker(r.door.conf.Repeat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_ = r.again(ctx) // a server that is away is told by the next notice
		}
	}
}

// again posts what lasts with a new end, and drops what was never told to be over.
func (r *Receiver) again(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.door.conf.Now().UTC()
	maps.DeleteFunc(r.held, func(_ string, s standing) bool { return !s.until.IsZero() && now.After(s.until) })
	var all []posted
	for key, s := range r.held {
		s.alert.EndsAt = now.Add(ahead * r.door.conf.Repeat)
		r.held[key] = s
		all = append(all, s.alert)
	}
	slices.SortFunc(all, func(a, b posted) int { return cmp.Compare(a.Labels["matter"], b.Labels["matter"]) })
	return r.post(ctx, all...)
}
