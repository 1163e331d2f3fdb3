package sources

import (
	"errors"
	"time"
)

// The pauses of a Backoff whose fields are zero, and the longest that a server may ask for: a wrong Retry-After must
// not blind a console for hours.
const (
	backoffFirst   = time.Second
	backoffMost    = 30 * time.Second
	backoffObeyed  = 5 * time.Minute
	backoffDoubles = 30
)

// Backoff says when to ask a failing source again: pauses that double up to a limit, each with jitter so that many
// consoles do not come back at the same instant, for ever. It never gives up, because a source that heals must be seen
// without anyone's help. It is for one goroutine.
//
// A pause is drawn evenly from its upper half ("equal jitter", Brooker, AWS Architecture Blog 2015): full jitter may
// draw zero, and a refusing server would then be asked at once.
type Backoff struct {
	First time.Duration    // the first pause; 1 s when zero
	Most  time.Duration    // the longest; 30 s when zero
	Rand  func() float64   // draws from [0, 1); no jitter when nil
	Now   func() time.Time // the clock; must be set

	failures int
	next     time.Time
}

// Failed notes a failure and returns the pause before the next try. It obeys how long the source asked to wait
// ([Error.RetryAfter]), up to five minutes.
func (b *Backoff) Failed(err error) time.Duration {
	pause := b.pause()
	if e, ok := errors.AsType[*Error](err); ok {
		pause = max(pause, min(e.RetryAfter, backoffObeyed))
	}
	b.failures++
	b.next = b.Now().Add(pause)
	return pause
}

// Healed notes an answer: the next failure starts with the first pause again.
func (b *Backoff) Healed() { b.failures, b.next = 0, time.Time{} }

// Ready tells whether the source may be asked now.
func (b *Backoff) Ready() bool { return !b.Now().Before(b.next) }

// Failures is how many failures came in a row.
func (b *Backoff) Failures() int { return b.failures }

func (b *Backoff) pause() time.Duration {
	first, most := b.First, b.Most
	if first <= 0 {
		first = backoffFirst
	}
	if most <= 0 {
		most = backoffMost
	}
	pause := first
	for range min(b.failures, backoffDoubles) {
		if pause *= 2; pause >= most {
			break
		}
	}
	pause = min(pause, most)
	if b.Rand == nil {
		return pause
	}
	return pause/2 + time.Duration(b.Rand()*float64(pause/2))
}
