package cell

import (
	"fmt"
	"strconv"
	"time"
)

// Age prints how old something is, in one unit: "4 s", "11 min", "5 h", "3 d". A negative age is a clock that is ahead:
// "3 s ahead".
func Age(d time.Duration) string {
	if d <= -time.Second {
		return Age(d.Abs()) + " ahead"
	}
	switch {
	case d < 100*time.Second:
		return inUnit(d, time.Second, "s")
	case d < 100*time.Minute:
		return inUnit(d, time.Minute, "min")
	case d < 48*time.Hour:
		return inUnit(d, time.Hour, "h")
	}
	return inUnit(d, 24*time.Hour, "d")
}

func inUnit(d, unit time.Duration, name string) string {
	return strconv.FormatInt(max(0, int64(d/unit)), 10) + " " + name
}

// Took prints how long something takes, in at most two units: "0.4 ms", "180 ms", "4.2 s", "11 min", "1 h 05 min",
// "3 d 4 h". It rounds to what it prints.
func Took(d time.Duration) string {
	sign := ""
	if d < 0 {
		d, sign = d.Abs(), "-"
	}
	switch {
	case d == 0:
		return "0 s"
	case d < 9950*time.Microsecond:
		return sign + Fixed(float64(d)/float64(time.Millisecond), 1) + " ms"
	case d < 999500*time.Microsecond:
		return sign + Fixed(float64(d)/float64(time.Millisecond), 0) + " ms"
	case d < 9950*time.Millisecond:
		return sign + Fixed(d.Seconds(), 1) + " s"
	case d < 99500*time.Millisecond:
		return sign + Fixed(d.Seconds(), 0) + " s"
	case d.Round(time.Minute) < 100*time.Minute:
		return sign + Fixed(d.Minutes(), 0) + " min"
	case d.Round(time.Minute) < 48*time.Hour:
		d = d.Round(time.Minute)
		return fmt.Sprintf("%s%d h %02d min", sign, d/time.Hour, d%time.Hour/time.Minute)
	}
	d = d.Round(time.Hour)
	return fmt.Sprintf("%s%d d %d h", sign, d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}

// Countdown prints what is left to the second: "0:42", "11:05", "1:02:03". Below zero it stays at "0:00".
func Countdown(d time.Duration) string {
	s := int64((max(1, d)-1)/time.Second) + 1
	if d <= 0 {
		s = 0
	}
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
