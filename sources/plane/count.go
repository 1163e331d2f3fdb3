package plane

import (
	"context"
	"time"

	"rampart/sources"
)

// Counts is how many requests each arm finished in a window.
type Counts struct {
	Window   sources.Window
	Requests sources.ByArm[int64]
}

// Count reads the requests of both arms since an instant from somewhere beside the plane, or in the newest whole window
// when that is zero.
type Count func(ctx context.Context, since time.Time) (Counts, error)
