package world

import "fmt"

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
	case None, SlowAnswer, BadRequest, Started, Ready:
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
	case None, SlowAnswer, BadRequest, ModelReset, Started, Ready:
	}
	return ""
}
