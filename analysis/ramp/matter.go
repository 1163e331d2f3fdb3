package ramp

import (
	"reflect"
	"time"
)

// matters tells whether a state differs from another in more than time that passed: what a ramp that is taken up again
// must know.
func matters(a, b State) bool {
	for _, s := range []*State{&a, &b} {
		s.At, s.Dark, s.Set.At = time.Time{}, time.Time{}, time.Time{}
		s.Baked, s.Fresh, s.Why = 0, false, ""
		if s.Phase.Climbing() {
			s.Cause = NoCause // like Why, it is found anew with each look
		}
		s.Gate.Running, s.Gate.At = false, time.Time{} // a ramp that is taken up again asks anew
		if len(s.Approvals) == 0 {
			s.Approvals = nil
		}
	}
	return !reflect.DeepEqual(a, b)
}
