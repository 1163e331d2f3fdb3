package prom

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rampart/sources"
)

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
	src := openURL(t, server.URL)
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
