package logring

import (
	"fmt"

	"rampart/sources"
)

// Config bounds a ring. The zero value means the defaults.
type Config struct {
	Bytes   int `yaml:"bytes" json:"bytes"`       // of lines and index together; default 16 MiB, at most 1 GiB
	MaxLine int `yaml:"max_line" json:"max_line"` // bytes kept of one line, text and document; default 64 KiB
}

const (
	defaultBytes   = 16 << 20
	leastBytes     = 1 << 20
	mostBytes      = 1 << 30
	defaultMaxLine = 64 << 10
	leastMaxLine   = 256
)

// Validate tells what is wrong with a configuration.
func (c Config) Validate() error {
	if c.Bytes != 0 && (c.Bytes < leastBytes || c.Bytes > mostBytes) {
		return invalid("bytes", c.Bytes, leastBytes, mostBytes)
	}
	c = c.withDefaults()
	if most := c.Bytes / 8; c.MaxLine < leastMaxLine || c.MaxLine > most {
		return invalid("max_line", c.MaxLine, leastMaxLine, most)
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Bytes == 0 {
		c.Bytes = defaultBytes
	}
	if c.MaxLine == 0 {
		c.MaxLine = defaultMaxLine
	}
	return c
}

func invalid(name string, n, least, most int) error {
	return &sources.Error{Op: "configure", Target: "log ring", Kind: sources.ErrInvalid, Cause: fmt.Errorf("%s is %d, want %d to %d", name, n, least, most)}
}
