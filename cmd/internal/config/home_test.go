package config

import (
	"strings"
	"testing"
)

func TestConfig_SaysWhereAKeyStandsThatWasPutElsewhere(t *testing.T) {
	for text, want := range map[string]string{
		"version: 1\nplan: {steps: [100%]}\n":                    "line 2: plan: unknown key (it stands under services.NAME)",
		"version: 1\npredictions: {score: x}\n":                  "line 2: predictions: unknown key (it stands under services.NAME.logs)",
		"version: 1\nservices: {ranker: {rotate: 1MiB}}\n":       "line 2: services.ranker.rotate: unknown key (it stands under audit)",
		"version: 1\nservices: {ranker: {theme: dark}}\n":        "line 2: services.ranker.theme: unknown key (it stands under no other key)",
		"version: 1\nurl: http://localhost:9090\n":               "line 2: url: unknown key (known here: audit, ",
		"version: 1\nservicez: {}\n":                             "line 2: servicez: unknown key (did you mean services?)",
		"version: 1\nservices: {ranker: {something_else: {}}}\n": "services.ranker.something_else: unknown key (known here: ",
	} {
		if _, err := parse(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q\n got %v\nwant %s", text, err, want)
		}
	}
}
