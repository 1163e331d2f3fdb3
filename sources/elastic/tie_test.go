package elastic_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func TestTail_ReadsAMillisecondAgainOfWhichShardsWereSilent(t *testing.T) {
	c := newCluster(t)
	long := strings.Repeat("at once ", 1500) // so that no answer may carry all of them, however often they were read
	for i := range 600 {
		c.write([]string{"logs-a", "logs-b"}[i%2], fmt.Sprint(i), doc(noon.Add(time.Second), sources.Arms()[i%2], "info", long))
	}
	c.refresh()
	hidden := true
	c.handle = func(_ http.ResponseWriter, r *http.Request) bool {
		c.silent["logs-b"] = hidden && r.URL.Path == "/_search" // of the point in time alone
		return false
	}
	s, at, came := source(t, c, nil), sources.Cursor{}, map[string]int{}
	for reading := range 6 {
		hidden = reading < 5
		p, err := s.Tail(t.Context(), sources.LogQuery{Window: span, All: true, Limit: 1000}, at)
		if errors.Is(err, sources.ErrPartial) != hidden {
			t.Errorf("reading %d: hidden %t, said %v", reading, hidden, err)
		}
		for _, l := range p.Lines {
			came[l.ID]++
		}
		at = p.Next
	}
	if len(came) != 600 {
		t.Errorf("%d of 600 lines came", len(came))
	}
}
