package logdiff

import (
	"fmt"
	"time"

	"rampart/sources"
)

// Config bounds a diff and says how sure it must be. The zero value means the defaults, with blocks of 15 seconds.
type Config struct {
	Step      time.Duration // of the blocks; 15 s
	Alpha     float64       // how often a healthy rollout may ever show a selected row; 0.05
	Templates int           // held at most, about 4 KiB each; 2048
	History   int           // blocks whose counts are kept for each template; 120
}

const (
	defaultStep      = 15 * time.Second
	defaultAlpha     = 0.05
	defaultTemplates = 2048
	defaultHistory   = 120
	mostOpen         = 480 // open blocks: two hours at 15 s
	knownFactor      = 16  // forgotten templates that are known to be no news, for each one held
)

// Validate tells what is wrong with a configuration, as an error of kind sources.ErrInvalid.
func (c Config) Validate() error {
	switch {
	case c.Step < 0 || c.Step > time.Hour:
		return invalid(fmt.Errorf("step %v: want more than 0 and at most an hour", c.Step))
	case c.Alpha < 0 || c.Alpha >= 1:
		return invalid(fmt.Errorf("alpha %v: want one between 0 and 1", c.Alpha))
	case c.Templates != 0 && (c.Templates < 16 || c.Templates > 1<<17):
		return invalid(fmt.Errorf("%d templates: want 16 to %d", c.Templates, 1<<17))
	case c.History != 0 && (c.History < 8 || c.History > 1<<13):
		return invalid(fmt.Errorf("history of %d blocks: want 8 to %d", c.History, 1<<13))
	}
	return nil
}

func invalid(cause error) error {
	return &sources.Error{Op: "configure", Target: "log diff", Kind: sources.ErrInvalid, Cause: cause}
}

func (c Config) withDefaults() Config {
	if c.Step == 0 {
		c.Step = defaultStep
	}
	if c.Alpha == 0 {
		c.Alpha = defaultAlpha
	}
	if c.Templates == 0 {
		c.Templates = defaultTemplates
	}
	if c.History == 0 {
		c.History = defaultHistory
	}
	return c
}
