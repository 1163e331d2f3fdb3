package main

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"rampart/cmd/internal/config"
)

func TestHeed_AScreenWaitsAMomentAndIsEndedByWhatIsToldLater(t *testing.T) {
	wrong := usage(&config.Error{File: "rampart.yaml", Mistakes: []config.Mistake{{Text: "parse error"}}})
	for name, c := range map[string]struct {
		after   time.Duration
		waited  time.Duration
		refused bool // before the screen opens
		ended   bool // after it did
	}{
		"a server close by":      {20 * time.Millisecond, 20 * time.Millisecond, true, false},
		"a server far away":      {400 * time.Millisecond, inquiryBeforeScreen, false, true},
		"a server that hangs":    {0, inquiryBeforeScreen, false, false},
		"nothing to complain":    {-time.Millisecond, time.Millisecond, false, false},
		"nothing, but told late": {-400 * time.Millisecond, inquiryBeforeScreen, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				told := make(chan error, 1)
				go func() {
					if c.after == 0 {
						time.Sleep(inquiryDeadline)
						close(told)
						return
					}
					time.Sleep(c.after.Abs())
					if c.after > 0 {
						told <- wrong
					}
					close(told)
				}()
				ctx, end := context.WithCancelCause(t.Context())
				defer end(nil)
				began := time.Now()
				err := heed(told, inquiryBeforeScreen, end)
				if waited := time.Since(began); waited != c.waited || (err != nil) != c.refused {
					t.Errorf("waited %s, want %s; refused: %v", waited, c.waited, err)
				}
				time.Sleep(2 * inquiryDeadline)
				synctest.Wait()
				if got := errors.Is(context.Cause(ctx), wrong); got != c.ended {
					t.Errorf("the open screen was ended: %t, want %t", got, c.ended)
				}
			})
		})
	}
}
