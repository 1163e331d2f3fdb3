package engine

import (
	"context"
	"strings"
	"testing"
)

func TestEngine_APanicInALoopIsAnErrorWithItsStackAndNotTheEndOfTheTerminal(t *testing.T) {
	err := guarded(t.Context(), func(context.Context) error { panic("boom") })()
	if err == nil || !strings.Contains(err.Error(), "boom") || !strings.Contains(err.Error(), "panic_test.go") {
		t.Errorf("%v", err)
	}
}
