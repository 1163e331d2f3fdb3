package logtmpl

import (
	"fmt"

	"rampart/sources"
)

// Config bounds a miner. The zero value means the defaults, which hold for all systems' logs alike.
type Config struct {
	Templates  int `yaml:"templates" json:"templates"`   // held at most; the least recently used go first; default 4096
	Signatures int `yaml:"signatures" json:"signatures"` // known forms of lines, 16 bytes each, twice over; default 65536
}

const (
	defaultTemplates  = 4096
	defaultSignatures = 1 << 16
)

// Validate tells what is wrong with a configuration.
func (c Config) Validate() error {
	for _, f := range []struct {
		name     string
		n, least int
	}{{"templates", c.Templates, 16}, {"signatures", c.Signatures, 64}} {
		if f.n != 0 && (f.n < f.least || f.n > 1<<24) {
			return &sources.Error{Op: "configure", Target: "log templates", Kind: sources.ErrInvalid, Cause: fmt.Errorf("%s is %d, want %d to %d", f.name, f.n, f.least, 1<<24)}
		}
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Templates == 0 {
		c.Templates = defaultTemplates
	}
	if c.Signatures == 0 {
		c.Signatures = defaultSignatures
	}
	return c
}
