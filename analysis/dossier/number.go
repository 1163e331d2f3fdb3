package dossier

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// null tells the word null.
func null(raw []byte) bool { return string(raw) == "null" }

// count reads a whole number; 7430.0 and 7.43e3 are one.
func count(at string, raw []byte) (int64, error) {
	f, err := decimal(at, raw)
	switch {
	case err != nil:
		return 0, err
	case f < 0:
		return 0, bad(at, "%s is negative", raw)
	case f != math.Trunc(f):
		return 0, bad(at, "%s is not a whole number", raw)
	case f > MaxCount:
		return 0, bad(at, "%s is too large", raw)
	}
	return int64(f), nil
}

// decimal reads any number that a float can hold.
func decimal(at string, raw []byte) (float64, error) {
	if len(raw) == 0 || raw[0] != '-' && (raw[0] < '0' || raw[0] > '9') {
		return 0, bad(at, "%s is not a number", raw)
	}
	f, err := strconv.ParseFloat(string(raw), 64)
	if err != nil {
		return 0, bad(at, "%s is out of range", raw)
	}
	return f, nil
}

// instant reads the end of a block.
func instant(raw []byte) (time.Time, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return time.Time{}, bad("t", "%s is not a time as text", raw)
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, bad("t", "%q is not a time such as 2026-01-05T14:00:15Z", s)
	}
	return t.UTC(), nil
}
