package config

import (
	"slices"
	"strings"
	"testing"
)

func TestLogs_AKindOfOnesOwnStandsBehindTheDefaultOnes(t *testing.T) {
	l := &Logs{Categories: map[string]Category{"queue": {Match: "queue full"}, "timeouts": {Match: "zu langsam", Levels: []string{"warn"}}}}
	c, err := l.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	names := c.Names()
	if names[len(names)-1] != "queue" || !slices.Contains(names, "security") || len(names) != 7 {
		t.Errorf("%v", names)
	}
	i := slices.Index(names, "timeouts")
	if !c.Text("viel ZU LANGSAM").Has(i) || c.Text("timeout").Has(i) {
		t.Error("a kind of the same name does not replace the default one")
	}
	if none, err := (*Logs)(nil).Catalog(); err != nil || len(none.Names()) != 6 {
		t.Errorf("%v, %v", none, err)
	}
}

func TestLogs_AWrongKindIsToldWithItsName(t *testing.T) {
	for want, c := range map[string]Category{"no level": {Levels: []string{"loud"}}, "neither": {}, "missing closing": {Match: "("}, "fits an empty text": {Match: "a*"}} {
		_, err := (&Logs{Categories: map[string]Category{"queue": c}}).Catalog()
		if err == nil || !strings.Contains(err.Error(), "queue") || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
