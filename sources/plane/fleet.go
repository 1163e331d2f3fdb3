package plane

import (
	"errors"
	"fmt"

	"rampart/sources"
)

// Failed is what became of a fleet's members in one: nil when none failed, the error of the only one there is, and of
// several a partial failure; where all failed to be read, there is no reading at all, and the first one's kind counts.
// errs has nil for each that did not fail. It was sent where one of them was.
func Failed(op string, errs []error) error {
	failed, sent, kind := 0, false, sources.ErrUnreachable
	for _, err := range errs {
		if err == nil {
			continue
		}
		e, ok := errors.AsType[*sources.Error](err)
		if failed++; failed == 1 && ok {
			kind = e.Kind
		}
		sent = sent || ok && e.Sent
	}
	switch {
	case failed == 0:
		return nil
	case len(errs) == 1:
		return errs[0]
	case failed == len(errs) && op == "read":
		return &sources.Error{Op: op, Target: fmt.Sprintf("all %d members", failed), Kind: kind, Cause: errors.Join(errs...), Sent: sent}
	}
	return &sources.Error{Op: op, Target: fmt.Sprintf("%d of %d members", failed, len(errs)), Kind: sources.ErrPartial, Cause: errors.Join(errs...), Sent: sent}
}

// Uncounted is why the requests since a change are not known while some members cannot be read: what the others counted
// is a part of them, and a part that is shown as the whole says that the candidate got less than it did.
func Uncounted(unread error) error {
	return fmt.Errorf("the members that answered count a part only: %w", unread)
}
