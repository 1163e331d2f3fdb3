package config

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestSettle_IsHowLongABlockIsLeftAloneAndNotMoreThanFiveMinutes(t *testing.T) {
	const file = `version: 1
contexts:
  prod:
    prometheus:
      url: http://prom.example
      %s
services:
  ranker:
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: rq_total, bad: 'code=~"5.."'}}
`
	for said, want := range map[string]time.Duration{"step: 15s": 0, "settle: 20s": 20 * time.Second, "settle: 5m": 5 * time.Minute} {
		c, err := parse(t, fmt.Sprintf(file, said))
		if err != nil {
			t.Fatal(err)
		}
		x, err := c.Choose(Choice{})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Engine(x, "ranker").Settle; got != want {
			t.Errorf("%s: %v", said, got)
		}
	}
	for _, said := range []string{"settle: 6m", "settle: -1s"} {
		if _, err := parse(t, fmt.Sprintf(file, said)); err == nil || !strings.Contains(err.Error(), "settle") || !strings.Contains(err.Error(), "line 6") {
			t.Errorf("%s: %v", said, err)
		}
	}
}
