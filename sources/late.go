package sources

import (
	"context"
	"fmt"
	"time"
)

// late is a deadline that is over.
type late struct {
	what   string
	within time.Duration
}

// Late is the error of what did not come within a time, such as "no answer within 2s". It is context.DeadlineExceeded, and
// says so to errors.Is and not to an operator.
func Late(what string, within time.Duration) error { return late{what, within} }

func (l late) Error() string { return fmt.Sprintf("%s within %s", l.what, l.within) }

func (late) Unwrap() error { return context.DeadlineExceeded }
