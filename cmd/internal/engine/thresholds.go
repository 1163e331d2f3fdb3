package engine

import (
	"context"
	"time"
)

// readThresholds asks every free expression for its value at the newest block's end.
func (e *Engine) readThresholds(ctx context.Context, end time.Time) {
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	for _, t := range e.cfg.Service.Thresholds {
		s, err := e.cfg.Metrics.Threshold(ctx, t.Expr, end)
		e.mu.Lock()
		e.book.free[t.Name] = threshold{sample: s, err: err}
		e.mu.Unlock()
	}
}
