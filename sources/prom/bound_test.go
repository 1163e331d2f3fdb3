package prom

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// patient waits for much, also on a busy machine.
func patient(c *Config) { c.Timeout = 5 * time.Minute }

// endless starts an answer and never ends one of its words, until nobody reads on.
func endless(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprint(w, `{"status":"`)
	word := strings.Repeat("x", 1<<16)
	for range 8 * mostBytes >> 16 {
		if _, err := io.WriteString(w, word); err != nil {
			return
		}
	}
}

func TestBound_AnAnswerWithoutEndIsLeft(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(endless))
	defer server.Close()
	src := openURL(t, server.URL, patient)
	blocks := src.Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
	_, threshold := src.Threshold(t.Context(), "up", t0)
	for what, err := range map[string]error{"blocks": blocks, "threshold": threshold} {
		if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "more than 32 MiB") {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestBound_ManySeriesAreNoLongAnswer(t *testing.T) {
	one := `{"metric":{"a":"b"},"values":[[1,"1"]]}`
	answer := `{"status":"success","data":{"resultType":"matrix","result":[` + strings.Repeat(one+",", 20_000) + one + `]}}`
	body := bound(io.NopCloser(strings.NewReader(answer)))
	body.left = int64(len(answer) / 2)
	read := 0
	_, err := readSeries(body, renewing(body, func(*series) error { read++; return nil }))
	if err != nil || read != 20_001 {
		t.Errorf("%d series, %v", read, err)
	}
}

// manySeries answers each query with n series of the legacy and one of the candidate, written while they are read.
func manySeries(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		from := t0.Unix()
		values := fmt.Sprintf(`[[%d,"1"],[%d,"3"]]`, from-1, from+14)
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[`)
		for i := range n {
			fmt.Fprintf(w, `{"metric":{"__name__":"rq_total","app":"ranker","track":"stable","code":"200","job":"j","instance":"i%d"},"values":%s},`, i, values)
		}
		fmt.Fprintf(w, `{"metric":{"__name__":"rq_total","app":"ranker","track":"canary","code":"500","job":"j","instance":"c"},"values":%s}]}}`, values)
	}
}

func TestBound_FiftyThousandSeriesAreRefusedWithAdviceOrAddedUp(t *testing.T) {
	const n = 50_000
	server := httptest.NewServer(manySeries(n))
	defer server.Close()
	err := openURL(t, server.URL, patient).Blocks(t.Context(), []sources.BlockQuery{errorsQuery()}, window(1))[0].Err
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(fmt.Sprint(err), "more than 20000 series") || !strings.Contains(fmt.Sprint(err), "max_series") {
		t.Errorf("by default: %v", err)
	}
	if testing.Short() {
		return // adding them up takes a second, and minutes under the race detector
	}
	wide := openURL(t, server.URL, func(c *Config) { c.MaxSeries, c.Timeout = 2*n, 5*time.Minute })
	expect(t, read(t, wide, errorsQuery(), window(1)), fmt.Sprintf("%d/0", 2*n), "2/2")
}
