package road

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// mostWait bounds what a Retry-After may say; who waits obeys less still (sources.Backoff).
const mostWait = 24 * time.Hour

// RetryAfter reads both forms of the header (RFC 9110, 10.2.3); 0 where it is missing or no such value. A date counts
// from the server's own Date, because its clock need not be ours.
func RetryAfter(h http.Header) time.Duration {
	said := h.Get("Retry-After")
	if s, err := strconv.Atoi(said); err == nil && s > 0 {
		return time.Duration(min(s, int(mostWait/time.Second))) * time.Second
	}
	at, err := http.ParseTime(said)
	date, derr := http.ParseTime(h.Get("Date"))
	if err != nil || derr != nil {
		return 0
	}
	return min(max(0, at.Sub(date)), mostWait)
}

// HTML tells an answer that is a page for people, as login pages and proxies give it where an API was asked.
func HTML(h http.Header) bool {
	return strings.HasPrefix(strings.ToLower(h.Get("Content-Type")), "text/html")
}

// Location is where a redirect leads, without user and query, harmless as it prints.
func Location(resp *http.Response) string {
	u, err := resp.Location()
	if err != nil {
		return "nowhere"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return sources.Visible(u.String())
}

// Discard empties a little of an answer and closes it, so that its connection can be used again.
func Discard(body io.ReadCloser) {
	_, _ = io.CopyN(io.Discard, body, 1<<14)
	_ = body.Close()
}
