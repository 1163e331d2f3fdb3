package config

import (
	"fmt"
	"testing"
)

func TestGroupLabel_IsFoundNamedOrTurnedOff(t *testing.T) {
	for name, c := range map[string]struct{ by, want string }{
		"found":      {"", "app"},
		"named":      {"group_by: namespace", "namespace"},
		"turned off": {`group_by: "-"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf(`version: 1
contexts:
  prod:
    prometheus:
      url: http://prom.example
      step: 15s
      %s
services:
`, c.by)
			for _, app := range []string{"ranker", "search", "ads"} {
				text += fmt.Sprintf(`  %[1]s:
    select: {app: %[1]s, namespace: prod}
    arms: {label: track, legacy: stable, candidate: canary}
    measures: {errors: {counter: rq_total, bad: 'code=~"5.."'}}
`, app)
			}
			cfg, err := parse(t, text)
			if err != nil {
				t.Fatal(err)
			}
			x, err := cfg.Choose(Choice{})
			if err != nil {
				t.Fatal(err)
			}
			if got := cfg.GroupLabel(x); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
