package audit

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestOpen_TakesAwayATornEndThatNobodyWasToldAboutAndNothingElse(t *testing.T) {
	const torn = `{"seq":3,"ti`
	for name, c := range map[string]struct {
		entries int
		do      func(whole string) string
		heals   bool
	}{
		"a crash in the middle of a write": {2, func(b string) string { return b + torn }, true},
		"in the very first one":            {0, func(b string) string { return b + torn }, true},
		"an entry that was acknowledged":   {2, func(b string) string { return b[:len(b)-9] }, false},
		"one that lacks its end alone":     {2, func(b string) string { return strings.TrimSuffix(b, "\n") }, false},
		"behind a line that was changed":   {2, func(b string) string { return strings.Replace(b, "entry 1", "entry 9", 1) + torn }, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, path := written(t, c.entries)
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			put(t, path, []byte(c.do(string(b))))
			j, err := Open(path, time.Now)
			if err != nil {
				t.Fatal(err)
			}
			r := verify(t, path)
			if (r.Broken == nil) != c.heals {
				t.Fatalf("verify: %v", r.Broken)
			}
			if !c.heals {
				if now, _ := os.ReadFile(path); string(now) != c.do(string(b)) {
					t.Errorf("it was changed to\n%s", now)
				}
				return
			}
			if got := texts(t, j, uint64(c.entries)+1); len(got) != 1 || !strings.Contains(got[0], "a line of 12 bytes was torn") {
				t.Errorf("it says %q", got)
			}
		})
	}
}
