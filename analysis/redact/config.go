package redact

import (
	"fmt"
	"regexp"
	"slices"

	"rampart/sources"
)

// Config chooses what is masked. The zero value masks every built-in kind but addresses of machines.
type Config struct {
	Off      []Kind    `yaml:"off" json:"off"`           // built-in kinds to leave as they are
	IP       bool      `yaml:"ip" json:"ip"`             // mask IPv4 and IPv6 addresses too
	Patterns []Pattern `yaml:"patterns" json:"patterns"` // detectors of one's own
}

// Pattern is a configured detector: what matches RE2 Regex is masked as ‹Name›. A match of nothing is no hit.
type Pattern struct {
	Name  Kind   `yaml:"name" json:"name"`
	Regex string `yaml:"regex" json:"regex"`
}

const mostPatterns = 64

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// Validate tells what is wrong with a configuration: an unknown kind, a bad name, a pattern that is no RE2 or empty.
func (c Config) Validate() error {
	for _, k := range c.Off {
		if !slices.Contains(builtin[:], k) {
			return invalid(string(k), fmt.Errorf("no such kind, want one of %v", builtin))
		}
	}
	if len(c.Patterns) > mostPatterns {
		return invalid("patterns", fmt.Errorf("%d are too many, want at most %d", len(c.Patterns), mostPatterns))
	}
	for _, p := range c.Patterns {
		switch _, err := regexp.Compile(p.Regex); {
		case !nameForm.MatchString(string(p.Name)):
			return invalid(string(p.Name), fmt.Errorf("a name has 1 to 32 of a-z 0-9 _ -, a letter first"))
		case slices.Contains(builtin[:], p.Name):
			return invalid(string(p.Name), fmt.Errorf("the name of a built-in kind"))
		case p.Regex == "":
			return invalid(string(p.Name), fmt.Errorf("an empty regex finds nothing"))
		case err != nil:
			return invalid(string(p.Name), err)
		}
	}
	return nil
}

func invalid(target string, cause error) error {
	return &sources.Error{Op: "configure redaction", Target: target, Kind: sources.ErrInvalid, Cause: cause}
}
