package adapters

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"

	"rampart/cmd/internal/config"
	"rampart/sources"
	"rampart/sources/audit"
	"rampart/sources/notify/syslog"
	"rampart/sources/notify/webhook"
)

// Copy is one receiver of the journal's lines, and how it is looked at without sending it any.
type Copy interface {
	audit.Receiver
	// Reach connects and sends nothing.
	Reach(ctx context.Context) error
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

// Reach connects and sends nothing.
func (h toHook) Reach(ctx context.Context) error {
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

// Copies are the receivers of the journal's lines.
func Copies(a config.Audit) ([]Copy, error) {
	host, _ := os.Hostname()
	var out []Copy
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
