package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/notify/syslog"
	"rampart/sources/notify/webhook"
)

// copied is one receiver of the journal's lines, and how it is looked at without sending it any.
type copied interface {
	audit.Receiver
	reach(ctx context.Context) error
}

// toSyslog writes each line as one message.
type toSyslog struct {
	*syslog.Writer
	address string
}

// Name is the address.
func (s toSyslog) Name() string { return "syslog " + s.address }

// Copy sends one line. Of one that is too long for syslog the data are left out, and it says so; its hash is that of the
// whole line.
func (s toSyslog) Copy(ctx context.Context, c audit.Copy) error {
	m := syslog.Message{At: c.Entry.Time, Severity: syslog.Notice, Kind: string(c.Entry.Kind), Text: string(c.Line)}
	if c.Entry.Kind == sources.EntryGap || c.Entry.Kind == sources.EntryRefusal {
		m.Severity = syslog.Warning
	}
	if len(m.Text) > syslog.MostMessage-512 { // what stands before the text
		e := c.Entry
		e.Data = json.RawMessage(fmt.Sprintf(`{"left_out_bytes":%d}`, len(e.Data)))
		short, err := json.Marshal(e)
		if err != nil {
			return fmt.Errorf("syslog: %w", err)
		}
		m.Text = string(short)
	}
	return s.Send(ctx, m)
}

func (s toSyslog) reach(ctx context.Context) error { return s.Reach(ctx) }

// toHook posts each line, signed as notices are.
type toHook struct {
	*webhook.Receiver
	at   *config.Secret
	name string
}

// Name is its place in the config: the address may hold a token.
func (h toHook) Name() string { return h.name }

// Copy posts one line under its hash.
func (h toHook) Copy(ctx context.Context, c audit.Copy) error { return h.Post(ctx, c.ID, c.Line) }

// reach connects and sends nothing.
func (h toHook) reach(ctx context.Context) error {
	raw, err := sources.Reveal(ctx, h.at, false)
	if err != nil {
		return err
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return &sources.Error{Op: "webhook", Target: "url", Kind: sources.ErrInvalid, Fix: "see what the secret holds"}
	}
	port := u.Port()
	if port == "" {
		port = u.Scheme // the resolver knows both names
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return &sources.Error{Op: "webhook", Target: "connection", Kind: sources.ErrUnreachable, Cause: sources.Remote(err)}
	}
	return conn.Close()
}

// copiesOf are the receivers of the journal's lines.
func copiesOf(a config.Audit) ([]copied, error) {
	host, _ := os.Hostname()
	var out []copied
	for i, c := range a.Copies {
		if c.Syslog != nil {
			w, err := syslog.New(syslog.Config{Address: c.Syslog.Address, Facility: c.Syslog.Facility, Host: host})
			if err != nil {
				return nil, fmt.Errorf("audit.copies[%d]: %w", i, err)
			}
			out = append(out, toSyslog{w, c.Syslog.Address})
			continue
		}
		r, err := hookOf(*c.Webhook, 0)
		if err != nil {
			return nil, fmt.Errorf("audit.copies[%d]: %w", i, err)
		}
		out = append(out, toHook{r, c.Webhook.URL, fmt.Sprintf("webhook audit.copies[%d]", i)})
	}
	return out, nil
}

// auditPath is the journal of a context.
func auditPath(env func(string) string, context string) (string, error) {
	dir, err := stateDir(env)
	return filepath.Join(dir, fileName(context), "audit.jsonl"), err
}

// say tells whoever started this process something that ends nothing.
func (g *globals) say(text string) { fmt.Fprintf(g.err, "rampart: %s\n", text) }

// copyJournal sends what a context's journal takes from now on to those who are to have a copy, until the returned
// function is called. That it cannot is said, and stops nothing.
func (g *globals) copyJournal(c *config.Config, x config.Chosen, say func(string)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	to, err := copiesOf(c.File.Audit)
	if err != nil {
		say(sources.Visible(err.Error()))
	}
	path, err := auditPath(g.env, x.Name)
	if err != nil {
		to = nil // there is no journal, which is said elsewhere
	}
	for _, r := range to {
		copier, err := audit.NewCopier(audit.CopierConfig{Path: path, To: r, Now: time.Now, Say: say})
		if err != nil {
			say(sources.Visible(err.Error()))
			continue
		}
		wg.Go(func() { copier.Run(ctx) })
	}
	return func() { cancel(); wg.Wait() }
}

// examineCopies says of each receiver of the journal's lines whether it is there, and how far it came.
func (s *session) examineCopies(ctx context.Context, a *ailment) {
	to, err := copiesOf(s.cfg.File.Audit)
	if err != nil {
		a.bad("%s", sources.Visible(err.Error()))
		return
	}
	for _, r := range to {
		if err := r.reach(ctx); err != nil {
			a.bad("copy to %s: %s", r.Name(), sources.Visible(err.Error()))
			continue
		}
		behind, known, err := audit.Behind(s.journal.Path(), r.Name())
		switch {
		case err != nil:
			a.bad("copy to %s: %s", r.Name(), sources.Visible(err.Error()))
		case !known:
			a.good("copy to %s: there; it gets what is recorded once rampart runs", r.Name())
		default:
			a.good("copy to %s: there, %s behind", r.Name(), config.Count(int(behind), "entry", "entries"))
		}
	}
}
