package fault_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"rampart/sources/demo/fault"
)

func wrapped(s *fault.Switch) http.Handler {
	return s.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("0123456789")) }),
		func(w http.ResponseWriter, status int) { http.Error(w, "own words", status) })
}

func ask(ctx context.Context, s *fault.Switch) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	wrapped(s).ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodPost, "/", strings.NewReader("query")))
	return w
}

func TestSwitch_FailsInTheServersOwnWords(t *testing.T) {
	var s fault.Switch
	for kind, status := range map[fault.Kind]int{
		fault.None: 200, fault.Unauthorized: 401, fault.Forbidden: 403, fault.Unprocessable: 422, fault.TooMany: 429, fault.Down: 503, fault.HTML: 200, fault.Truncated: 200,
	} {
		s.Set(kind)
		w := ask(t.Context(), &s)
		if w.Code != status || status != 200 && !strings.Contains(w.Body.String(), "own words") {
			t.Errorf("kind %d: %d %q", kind, w.Code, w.Body)
		}
		switch {
		case kind == fault.None && w.Body.String() != "0123456789", kind == fault.Truncated && w.Body.String() != "01234",
			kind == fault.HTML && !strings.Contains(w.Body.String(), "<html>"), kind == fault.TooMany && w.Header().Get("Retry-After") == "":
			t.Errorf("kind %d: %q %v", kind, w.Body, w.Header())
		}
	}
}

func TestSwitch_SlowIsLateAndHangNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s fault.Switch
		s.Set(fault.Slow)
		began := time.Now()
		if w := ask(t.Context(), &s); w.Body.String() != "0123456789" || time.Since(began) != fault.Delay {
			t.Errorf("%q after %v", w.Body, time.Since(began))
		}
		s.Set(fault.Hang)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began = time.Now()
		if w := ask(ctx, &s); w.Body.Len() != 0 || time.Since(began) != time.Hour {
			t.Errorf("%q after %v", w.Body, time.Since(began))
		}
	})
}
