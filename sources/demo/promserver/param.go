package promserver

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
)

// timeOf reads a moment as the API takes it: seconds since 1970 or RFC 3339.
func timeOf(text string) (time.Time, error) {
	if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(f) && math.Abs(f) < 1e11 {
		s, frac := math.Modf(f)
		return time.Unix(int64(s), int64(math.Round(frac*1000)*1e6)).UTC(), nil
	}
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t, nil
	}
	return time.Time{}, fmt.Errorf("cannot parse %q to a valid timestamp", text)
}

// timeOr reads a moment that may be missing.
func timeOr(r *http.Request, name string, or time.Time) (time.Time, *trouble) {
	text := r.FormValue(name)
	if text == "" {
		return or, nil
	}
	t, err := timeOf(text)
	if err != nil {
		return t, invalid(name, fmt.Errorf("invalid time value for '%s': %w", name, err))
	}
	return t, nil
}

// spanOf reads a duration: seconds or Prometheus' notation.
func spanOf(text string) (time.Duration, error) {
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		if f = f * float64(time.Second); math.Abs(f) < math.MaxInt64 {
			return time.Duration(f), nil
		}
		return 0, fmt.Errorf("cannot parse %q to a valid duration. It overflows int64", text)
	}
	d, err := model.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("cannot parse %q to a valid duration", text)
	}
	return time.Duration(d), nil
}

// limitOf reads how many results are wanted at most; 0 is all.
func limitOf(r *http.Request) (int, *trouble) {
	text := r.FormValue("limit")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, invalid("limit", fmt.Errorf("cannot parse %q to a valid limit", text))
	}
	if n < 0 {
		return 0, invalid("limit", errors.New("limit must be non-negative"))
	}
	return n, nil
}

// matchersOf reads the selectors of match[].
func (s *Server) matchersOf(r *http.Request) ([][]*labels.Matcher, *trouble) {
	sets, err := s.parser.ParseMetricSelectors(r.Form["match[]"])
	if err != nil {
		return nil, matcherTrouble(r, err)
	}
	for _, set := range sets {
		empty := true
		for _, m := range set {
			empty = empty && m.Matches("")
		}
		if empty {
			return nil, matcherTrouble(r, errors.New("match[] must contain at least one non-empty matcher"))
		}
	}
	return sets, nil
}

// matcherTrouble words a bad selector as the endpoint does: only /series names the parameter.
func matcherTrouble(r *http.Request, err error) *trouble {
	if strings.HasSuffix(r.URL.Path, "/series") {
		return invalid("match[]", err)
	}
	return badData("%w", err)
}
