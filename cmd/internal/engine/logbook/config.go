package logbook

import (
	"time"

	"rampart/analysis/logcat"
	"rampart/analysis/logdiff"
	"rampart/analysis/logring"
	"rampart/analysis/logtmpl"
	"rampart/analysis/redact"
)

// Config says what a book holds and how it compares. The zero value means the defaults.
type Config struct {
	Bytes   int             // memory for held lines; 16 MiB when 0, at most 1 GiB
	Step    time.Duration   // of the blocks in which requests come; 15 s when 0
	Alpha   float64         // how often a healthy rollout may show any template as written more often; .05 when 0
	Catalog *logcat.Catalog // kinds of lines; the default ones when nil
	Mask    redact.Config   // what text is sensitive
	Sparing bool            // lines that nobody looks at are held for some minutes only, where they take more than little room
}

// New returns an empty book. Sizes outside their bounds are an error.
func New(c Config) (*Book, error) {
	if c.Step == 0 {
		c.Step = 15 * time.Second
	}
	if c.Catalog == nil {
		c.Catalog = logcat.Standard()
	}
	var err error
	b := &Book{cfg: c, patterns: newPatterns(), sensitive: newSensitive(c.Step)}
	if b.ring, err = logring.New(logring.Config{Bytes: c.Bytes}); err != nil {
		return nil, err
	}
	if b.miner, err = logtmpl.New(logtmpl.Config{}); err != nil {
		return nil, err
	}
	if b.redact, err = redact.New(c.Mask); err != nil {
		return nil, err
	}
	if b.peers, err = newComparison(c); err != nil {
		return nil, err
	}
	return b, nil
}

// diffOf is a diff of blocks that remembers the book's past.
func (c Config) diffOf(templates int) (*logdiff.Diff, error) {
	return logdiff.New(logdiff.Config{Step: c.Step, Alpha: c.Alpha, Templates: templates, History: max(8, int(patternPast/c.Step))})
}
