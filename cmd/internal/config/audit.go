package config

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"

	"rampart/sources/notify/syslog"
)

// Audit says how the journal is kept.
type Audit struct {
	Rotate Size        `yaml:"rotate,omitempty" jsonschema_description:"From which size on it goes on in a new file; 64MiB by default. Full files are never removed."`
	Copies []AuditCopy `yaml:"copies,omitempty" jsonschema_description:"Where each line is sent as well, in the background."`
}

// AuditCopy is one receiver of the journal's lines: exactly one of syslog and webhook.
type AuditCopy struct {
	Syslog  *Syslog     `yaml:"syslog,omitempty" jsonschema_description:"A syslog daemon (RFC 5424)."`
	Webhook *NoticeHook `yaml:"webhook,omitempty" jsonschema_description:"A web server of your own: one signed POST for each line."`
}

// Syslog is a syslog daemon.
type Syslog struct {
	Address  string `yaml:"address" jsonschema_description:"unix:///dev/log, udp://host:514 or tcp://host:601."`
	Facility string `yaml:"facility,omitempty" jsonschema_description:"user, daemon, auth, authpriv, audit or local0 to local7; authpriv by default."`
}

// Size is a number of bytes such as 64MiB.
type Size int64

// UnmarshalYAML reads a size with its unit.
func (s *Size) UnmarshalYAML(b []byte) error {
	text := scalar(b)
	for i, unit := range []string{"KiB", "MiB", "GiB"} {
		if n, ok := strings.CutSuffix(text, unit); ok {
			v, err := strconv.ParseUint(strings.TrimSpace(n), 10, 20)
			if err != nil || v == 0 {
				break
			}
			*s = Size(v << (10 * (i + 1)))
			return nil
		}
	}
	return fmt.Errorf("size %q: want a whole number with its unit, such as 64MiB", text)
}

// MarshalYAML prints it as it was written, or in a smaller unit.
func (s Size) MarshalYAML() (any, error) {
	switch {
	case s%(1<<30) == 0:
		return fmt.Sprintf("%dGiB", s>>30), nil
	case s%(1<<20) == 0:
		return fmt.Sprintf("%dMiB", s>>20), nil
	}
	return fmt.Sprintf("%dKiB", s>>10), nil
}

// JSONSchema describes it.
func (Size) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Pattern: `^[0-9]+ ?(KiB|MiB|GiB)$`, Examples: []any{"64MiB"}}
}

// leastRotate keeps a journal from being spread over a file for every few actions.
const leastRotate = 64 << 10

func (k *checker) audit(a Audit) {
	if a.Rotate != 0 && a.Rotate < leastRotate {
		k.say("audit.rotate", "smaller than 64KiB", "64MiB is the default")
	}
	for i, c := range a.Copies {
		at := fmt.Sprintf("audit.copies[%d]", i)
		switch {
		case (c.Syslog != nil) == (c.Webhook != nil):
			k.say(at, "want one of syslog and webhook", "another receiver is another item of the list")
		case c.Webhook != nil && c.Webhook.URL == nil:
			k.say(at+".webhook.url", "missing", "such as https://host/path, or {file: …} when it holds a token")
		case c.Syslog != nil:
			if _, err := syslog.New(syslog.Config{Address: c.Syslog.Address, Facility: c.Syslog.Facility}); err != nil {
				k.say(at+".syslog", err.Error(), "")
			}
		}
	}
}
