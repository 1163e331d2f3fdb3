package ramp

import "time"

// Freeze is a span in which nothing is raised: every week on some days, or once.
type Freeze struct {
	Days     [7]bool        // by time.Weekday; of a weekly freeze
	From, To time.Duration  // since midnight, local time; To at or before From is on the next day
	Zone     *time.Location // of a weekly freeze
	// Begin and End are of a freeze that comes once; half-open.
	Begin, End time.Time
}
