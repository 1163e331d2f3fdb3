package world

import (
	"fmt"
	"time"
)

// Cause says what a log line is about; each has one message template.
type Cause uint8

// The causes. None is an ordinary answer.
const (
	None Cause = iota
	SlowAnswer
	BadRequest
	StoreTimeout
	ModelReset
	MissingEmbedding
	OutOfMemory
	Panicked
	Started
	Ready
	Charged
	Outcome // what became of an earlier prediction
)

// ErrorType is the class named in error.type; empty when the line reports no error.
func (c Cause) ErrorType() string {
	switch c {
	case StoreTimeout:
		return "FeatureStoreTimeout"
	case ModelReset:
		return "ConnectionResetError"
	case MissingEmbedding:
		return "KeyError"
	case OutOfMemory:
		return "MemoryError"
	case Panicked:
		return "runtime.boundsError"
	case None, SlowAnswer, BadRequest, Started, Ready, Charged, Outcome:
	}
	return ""
}

// Stack is the text of error.stack_trace; empty when there is none.
func (l *Line) Stack() string {
	switch l.Cause {
	case MissingEmbedding:
		return fmt.Sprintf("Traceback (most recent call last):\n  File \"/app/ranker/serve.py\", line 212, in rank\n    vec = self.store.embedding(key)\n"+
			"  File \"/app/ranker/store.py\", line 88, in embedding\n    return self._table[key]\nKeyError: embedding \"user:%d\" missing", l.User)
	case StoreTimeout:
		return "Traceback (most recent call last):\n  File \"/app/ranker/store.py\", line 41, in fetch\n    raise FeatureStoreTimeout(elapsed)\nFeatureStoreTimeout"
	case OutOfMemory:
		return "Traceback (most recent call last):\n  File \"/app/ranker/batch.py\", line 130, in stack\n    out = np.empty(shape)\nMemoryError"
	case Panicked:
		return l.Message() + "\n\ngoroutine 71 [running]:\nranker/tensor.(*Batch).Row(0xc0004a2000)\n\t/src/tensor/batch.go:77 +0x1c4\n" +
			"ranker/serve.(*Server).rank(0xc00011e000)\n\t/src/serve/rank.go:119 +0x2b0"
	case None, SlowAnswer, BadRequest, ModelReset, Started, Ready, Charged, Outcome:
	}
	return ""
}

// Level is the level of a log line, in ECS spelling.
type Level string

// The levels that the service writes.
const (
	Info  Level = "info"
	Warn  Level = "warn"
	Error Level = "error"
	Fatal Level = "fatal"
)

// Line is one log line in compact form; its texts are made only when somebody reads them, so that an hour of them stays small.
type Line struct {
	Seq      uint64
	At       time.Time
	Ingested time.Time // when the store took it; later than At, sometimes much later
	Cause    Cause
	Route    Route
	Code     int
	Took     time.Duration
	Score    float64
	User     User
	Pod      *Pod
	Model    *Model
	Restarts int
	Of       uint64 // of an outcome, the line that told the prediction
	Twin     uint64 // of a mirrored request's second answer, the line that told the first
	Pick     uint8  // which of the items that suit the user was put first
	Clicked  bool
}

// Level follows from what happened.
func (l *Line) Level() Level {
	switch l.Cause {
	case None, Started, Ready, Charged, Outcome:
		return Info
	case BadRequest, SlowAnswer:
		return Warn
	case Panicked:
		return Fatal
	case StoreTimeout, ModelReset, MissingEmbedding, OutOfMemory:
		return Error
	}
	return Info
}

// Message is the text that the service wrote.
func (l *Line) Message() string {
	switch l.Cause {
	case None:
		return fmt.Sprintf("%s served %d items in %d ms", l.Route.Path()[1:], 12+l.word(1)%24, l.Took.Milliseconds())
	case SlowAnswer:
		return fmt.Sprintf("slow answer: %s took %d ms, budget 250 ms", l.Route.Path(), l.Took.Milliseconds())
	case BadRequest:
		return fmt.Sprintf("bad request: unknown locale %q", []string{"xx", "en_UK", "de-AT-1901"}[l.word(2)%3])
	case StoreTimeout:
		return fmt.Sprintf("feature store timeout %d ms", l.Took.Milliseconds())
	case ModelReset:
		return fmt.Sprintf("model server reset the connection after %d bytes", 512+l.word(3)%4096)
	case MissingEmbedding:
		return fmt.Sprintf("KeyError: embedding %q missing", fmt.Sprintf("user:%d", l.User))
	case OutOfMemory:
		return fmt.Sprintf("cannot allocate %d bytes for batch of %d", 65536*(1+l.word(4)%64), 16+l.word(5)%48)
	case Panicked:
		return fmt.Sprintf("panic: runtime error: index out of range [%d] with length 128", 128+l.word(6)%16)
	case Charged:
		return fmt.Sprintf("charged card %s for user %d", []string{"4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"}[l.word(8)%3], l.User)
	case Outcome:
		if l.Clicked {
			return "outcome: clicked"
		}
		return "outcome: skipped"
	case Started:
		return fmt.Sprintf("starting %s, restart %d", l.Model.Name, l.Restarts)
	case Ready:
		return fmt.Sprintf("ready, model %s loaded in %d ms", l.Model.Revision, 900+l.word(7)%700)
	}
	return ""
}

// TraceID is the request's trace, 32 hex digits; an outcome has that of its prediction, a mirrored
// request's second answer that of the first.
func (l *Line) TraceID() string {
	seq := l.Seq
	switch {
	case l.Of != 0:
		seq = l.Of
	case l.Twin != 0:
		seq = l.Twin
	}
	return fmt.Sprintf("%016x%016x", mix(seq), mix(seq^1<<63))
}

// ID is the document's identity in a store.
func (l *Line) ID() string { return fmt.Sprintf("%010x%010x", l.Seq, mix(l.Seq)>>24) }

// word gives a number that belongs to the line for good.
func (l *Line) word(salt uint64) uint64 { return mix(l.Seq*31+salt) >> 8 }
