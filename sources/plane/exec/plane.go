package exec

import (
	"errors"
	"path/filepath"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
	"rampart/sources/plane/protocol"
)

// Config names the command.
type Config struct {
	// Command is the program and its arguments. There is no shell: nothing is expanded.
	Command []string
	// Timeout bounds one call; 10 s when 0. The command and all that it started are killed then.
	Timeout time.Duration
	// Dir is the folder that it runs in; this process's own when empty.
	Dir string
}

const defaultTimeout = 10 * time.Second

// Validate tells the first thing that cannot work, by the key's name.
func (c Config) Validate() error {
	switch {
	case len(c.Command) == 0 || c.Command[0] == "":
		return errors.New("command: none given; give the program and its arguments, such as [./split.py, --service, ranker]")
	case c.Timeout < 0:
		return errors.New("timeout: negative")
	}
	return nil
}

// Plane is a command that divides traffic.
type Plane struct {
	*protocol.Plane
	conf Config
}

// New returns the plane of a checked config; it runs nothing yet. count sees requests where the command tells no
// counters; it may be nil.
func New(c Config, count plane.Count, now func() time.Time) (*Plane, error) {
	if err := c.Validate(); err != nil {
		return nil, &sources.Error{Op: "config", Target: "traffic.exec", Kind: sources.ErrInvalid, Cause: err}
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	name := filepath.Base(c.Command[0])
	return &Plane{protocol.New("exec", name, &command{c, name}, count, now), c}, nil
}
