package elasticserver

import (
	"strconv"
	"strings"
	"time"
)

// moment reads a date as Elasticsearch takes it: milliseconds since 1970, ISO 8601, or date math from "now" or from a date followed by "||". Rounding goes down, or
// to the last millisecond of the unit where up is true, as for gt and lte.
func moment(v any, now time.Time, up bool) (int64, *trouble) {
	switch v := v.(type) {
	case float64:
		return int64(v), nil
	case string:
		base, math, dated := strings.Cut(v, "||")
		at := now
		if rest, ok := strings.CutPrefix(v, "now"); ok {
			math = rest
		} else {
			t, ok := isoTime(base)
			if !ok {
				return 0, badDate(v)
			}
			at = t
		}
		if math != "" || dated {
			t, ok := dateMath(at, math, up)
			if !ok {
				return 0, badDate(v)
			}
			at = t
		}
		return at.UnixMilli(), nil
	}
	return 0, badDate("null")
}

func badDate(v string) *trouble {
	return onShard(bad("parse_exception", "failed to parse date field [%s] with format [strict_date_optional_time||epoch_millis]", v))
}

// isoTime reads strict_date_optional_time or epoch milliseconds in a string.
func isoTime(s string) (time.Time, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && len(s) > 4 {
		return time.UnixMilli(n).UTC(), true
	}
	for _, form := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", "2006-01-02T15", "2006-01-02", "2006-01", "2006",
	} {
		if t, err := time.Parse(form, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

// dateMath applies "+1h", "-15m" and "/d" in order.
func dateMath(t time.Time, math string, up bool) (time.Time, bool) {
	for math != "" {
		op := math[0]
		math = math[1:]
		n := 1
		if op != '/' {
			i := 0
			for i < len(math) && math[i] >= '0' && math[i] <= '9' {
				i++
			}
			if i > 0 {
				n, _ = strconv.Atoi(math[:i])
			}
			math = math[i:]
		}
		if math == "" || !strings.ContainsRune("+-/", rune(op)) {
			return t, false
		}
		unit := math[0]
		math = math[1:]
		ok := true
		switch op {
		case '+':
			t, ok = shift(t, n, unit)
		case '-':
			t, ok = shift(t, -n, unit)
		case '/':
			if t, ok = floor(t, unit); ok && up {
				if t, ok = shift(t, 1, unit); ok {
					t = t.Add(-time.Millisecond)
				}
			}
		}
		if !ok {
			return t, false
		}
	}
	return t, true
}

func shift(t time.Time, n int, unit byte) (time.Time, bool) {
	switch unit {
	case 's':
		return t.Add(time.Duration(n) * time.Second), true
	case 'm':
		return t.Add(time.Duration(n) * time.Minute), true
	case 'h', 'H':
		return t.Add(time.Duration(n) * time.Hour), true
	case 'd':
		return t.AddDate(0, 0, n), true
	case 'w':
		return t.AddDate(0, 0, 7*n), true
	case 'M':
		return t.AddDate(0, n, 0), true
	case 'y':
		return t.AddDate(n, 0, 0), true
	}
	return t, false
}

func floor(t time.Time, unit byte) (time.Time, bool) {
	switch unit {
	case 's':
		return t.Truncate(time.Second), true
	case 'm':
		return t.Truncate(time.Minute), true
	case 'h', 'H':
		return t.Truncate(time.Hour), true
	case 'd':
		return t.Truncate(24 * time.Hour), true
	case 'w':
		d := t.Truncate(24 * time.Hour)
		return d.AddDate(0, 0, -(int(d.Weekday())+6)%7), true
	case 'M':
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC), true
	case 'y':
		return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC), true
	}
	return t, false
}

// spanOf reads a fixed interval such as "15s" or "500ms".
func spanOf(s string) (time.Duration, bool) {
	for suffix, unit := range map[string]time.Duration{
		"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour,
	} {
		if digits, ok := strings.CutSuffix(s, suffix); ok {
			if n, err := strconv.Atoi(digits); err == nil && n > 0 {
				return time.Duration(n) * unit, true
			}
		}
	}
	return 0, false
}
