package ramp

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"rampart/sources"
)

// Freeze is a span in which nothing is raised: every week on some days, or once. Rolling back knows no freeze.
type Freeze struct {
	Days     [7]bool        // by time.Weekday; of a weekly freeze
	From, To time.Duration  // since midnight by the wall clock; To at or before From is on the next day
	Zone     *time.Location // of a weekly freeze
	// Begin and End are of a freeze that comes once; half-open.
	Begin, End time.Time
}

const freezeForms = "such as Fri-Sun 16:00-24:00 Europe/Berlin, Mon,Wed 18:00-08:00 UTC, or 2026-12-20T00:00Z/2027-01-02T00:00Z"

// ParseFreeze reads a freeze as it is written: DAYS HH:MM-HH:MM ZONE, where a span that ends at or before its beginning
// goes on to the next day, or BEGIN/END with dates and times of RFC 3339, seconds left out or not.
func ParseFreeze(text string) (Freeze, error) {
	f, err := parseFreeze(strings.TrimSpace(text))
	if err != nil {
		return Freeze{}, fmt.Errorf("freeze %q: %w", sources.Visible(text), err)
	}
	return f, nil
}

func parseFreeze(text string) (f Freeze, err error) {
	words := strings.Fields(text)
	if len(words) == 1 {
		begin, end, _ := strings.Cut(text, "/")
		if f.Begin, err = instant(begin); err != nil {
			return f, err
		}
		if f.End, err = instant(end); err != nil {
			return f, err
		}
		if !f.Begin.Before(f.End) {
			return f, errors.New("it ends before it begins")
		}
		return f, nil
	}
	if len(words) != 3 {
		return f, fmt.Errorf("want days, times and a time zone: %s", freezeForms)
	}
	if f.Days, err = days(words[0]); err != nil {
		return f, err
	}
	if f.From, f.To, err = times(words[1]); err != nil {
		return f, err
	}
	if f.Zone, err = time.LoadLocation(words[2]); err != nil || words[2] == "Local" {
		return f, fmt.Errorf("no time zone %q: such as Europe/Berlin or UTC", sources.Visible(words[2]))
	}
	return f, nil
}

func instant(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("cannot read the time %q: %s", sources.Visible(s), freezeForms)
}

var dayWords = [...]string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}

func day(s string) (int, error) {
	for i, w := range dayWords {
		if strings.EqualFold(w, s) {
			return i, nil
		}
	}
	return 0, fmt.Errorf("no day %q: Mon, Tue, Wed, Thu, Fri, Sat or Sun", sources.Visible(s))
}

// days reads Mon-Fri, Sat,Sun and mixtures; Fri-Mon goes over the weekend.
func days(s string) (out [7]bool, err error) {
	for part := range strings.SplitSeq(s, ",") {
		from, to, ranged := strings.Cut(part, "-")
		a, err := day(from)
		if err != nil {
			return out, err
		}
		b := a
		if ranged {
			if b, err = day(to); err != nil {
				return out, err
			}
		}
		for out[a] = true; a != b; out[a] = true {
			a = (a + 1) % 7
		}
	}
	return out, nil
}

func times(s string) (from, to time.Duration, err error) {
	a, b, _ := strings.Cut(s, "-")
	if from, err = clock(a); err != nil {
		return 0, 0, err
	}
	if to, err = clock(b); err != nil {
		return 0, 0, err
	}
	if from == 24*time.Hour {
		return 0, 0, errors.New("a day begins at 00:00")
	}
	return from, to, nil
}

func clock(s string) (time.Duration, error) {
	t, err := time.Parse("15:04", s)
	if s == "24:00" {
		return 24 * time.Hour, nil
	}
	if err != nil {
		return 0, fmt.Errorf("cannot read the time %q: want 16:00-24:00", sources.Visible(s))
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

// String is the freeze as it is written.
func (f Freeze) String() string {
	if f.Zone == nil {
		return f.Begin.UTC().Format(time.RFC3339) + "/" + f.End.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s %s-%s %s", f.weekdays(), hhmm(f.From), hhmm(f.To), f.Zone)
}

// weekdays writes the days from Monday on, those that follow each other as a range: "Mon,Wed-Fri".
func (f Freeze) weekdays() string {
	var on []string
	for i := 0; i < 7; i++ {
		first := i
		for i < 7 && f.Days[(i+1)%7] {
			i++
		}
		switch last := i - 1; {
		case last == first:
			on = append(on, dayWords[(first+1)%7])
		case last > first:
			on = append(on, dayWords[(first+1)%7]+"-"+dayWords[(last+1)%7])
		}
	}
	return strings.Join(on, ",")
}

func hhmm(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", d/time.Hour, d%time.Hour/time.Minute)
}

// MarshalJSON writes the freeze as String does.
func (f Freeze) MarshalJSON() ([]byte, error) { return json.Marshal(f.String()) }

// UnmarshalText reads what ParseFreeze reads.
func (f *Freeze) UnmarshalText(b []byte) error {
	v, err := ParseFreeze(string(b))
	if err == nil {
		*f = v
	}
	return err
}
