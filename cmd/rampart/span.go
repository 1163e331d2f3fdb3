package main

import (
	"fmt"
	"time"

	"rampart/sources"
)

// span is the value of a flag that says how long. A negative one is refused where it is typed: whatever waited for it would
// end before it began, and would blame a source that was never asked.
type span struct{ to *time.Duration }

// spanOf is a flag's value with what it is when nobody says otherwise.
func spanOf(to *time.Duration, usual time.Duration) *span {
	*to = usual
	return &span{to}
}

// String is the time as it was chosen; "0", which help does not print, when it is none.
func (s *span) String() string {
	if s.to == nil || *s.to == 0 {
		return "0"
	}
	return s.to.String()
}

// Type is what usages call the value.
func (*span) Type() string { return "duration" }

// Set takes a time that is not negative.
func (s *span) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("%q: want a time such as 30s, 10m or 1h30m", sources.Visible(text))
	}
	*s.to = d
	return nil
}
