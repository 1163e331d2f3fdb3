package file

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/sources"
)

func found(t *testing.T, c Config) (split, string) {
	t.Helper()
	b, err := os.ReadFile(c.Path)
	if err != nil {
		t.Fatal(err)
	}
	s, err := finders()[c.Format](b, c)
	if err != nil {
		t.Fatal(err)
	}
	return s, string(b)
}

func TestFormats_ChangeTheNumbersOfTheOneSplitAndNothingElse(t *testing.T) {
	for name, c := range map[string]struct{ from, to string }{
		"split.conf":  {"\n    5% candidate;\n    *  legacy;\n", "\n    20% candidate;\n    * legacy;\n"},
		"traefik.yml": {"weight: 95\n          - name: candidate\n            weight: 5", "weight: 4\n          - name: candidate\n            weight: 1"},
		"Caddyfile":   {"robin 19 19 2", "robin 2 2 1"},
		"caddy.json":  {"[95, 5]", "[4, 1]"},
	} {
		conf := example(t, name)
		s, old := found(t, conf)
		if s.share != sources.Whole/20 {
			t.Errorf("%s: %v", name, s.share)
		}
		if got, want := string(s.edit(sources.Whole/5)), strings.Replace(old, c.from, c.to, 1); got != want || got == old {
			t.Errorf("%s became\n%s", name, got)
		}
	}
}

func TestFormats_ReadEveryShareThatTheyWrote(t *testing.T) {
	for _, name := range []string{"split.conf", "traefik.yml", "Caddyfile", "caddy.json"} {
		conf := example(t, name)
		s, _ := found(t, conf)
		rapid.Check(t, func(t *rapid.T) {
			want := sources.Share(rapid.IntRange(0, int(sources.Whole/finest)).Draw(t, "hundredths")) * finest
			first := s.edit(want)
			again, err := finders()[conf.Format](first, conf)
			if err != nil || again.share != want {
				t.Fatalf("%s: wrote %v, read %v: %v\n%s", name, want, again.share, err, first)
			}
			if string(again.edit(want)) != string(first) {
				t.Fatalf("%s: writing %v twice is not the same", name, want)
			}
		})
	}
}

func TestFormats_RefuseWhatTheyCannotRead(t *testing.T) {
	two := armsNamed([]string{"legacy"}, []string{"candidate"})
	for name, c := range map[string]struct{ format, text, block, want string }{
		"empty":            {Nginx, "", "", "no split_clients divides"},
		"another's":        {Nginx, `split_clients $a $b { 50% blue; * green; }`, "", "no split_clients divides"},
		"a third":          {Nginx, `split_clients $a $b { 5% candidate; 5% blue; * legacy; }`, "", `"blue" is neither`},
		"over the whole":   {Nginx, `split_clients $a $b { 60% candidate; 50% legacy; * legacy; }`, "", "more than 100"},
		"no rest":          {Nginx, `split_clients $a $b { 5% candidate; 95% legacy; }`, "", "the rest"},
		"no percentage":    {Nginx, `split_clients $a $b { five candidate; * legacy; }`, "", `"five" is no percentage`},
		"cut off":          {Nginx, `split_clients $a $b { 5% candidate;`, "", "without its }"},
		"an open quote":    {Nginx, `split_clients "$a $b { 5% candidate;`, "", "quote without its end"},
		"two of them":      {Nginx, `split_clients $a $b { 5% candidate; * legacy; } split_clients $a $c { 5% candidate; * legacy; }`, "", "name one by block"},
		"not that one":     {Nginx, `split_clients $a $b { 5% candidate; * legacy; }`, "$c", "no split_clients divides"},
		"no semicolon":     {Nginx, `split_clients $a $b { 5% candidate * legacy; }`, "", "semicolon"},
		"no yaml":          {Traefik, "a: [", "", "not YAML"},
		"no weight":        {Traefik, "http: {services: {r: {weighted: {services: [{name: legacy}, {name: candidate, weight: 1}]}}}}", "", "no weight given"},
		"one arm":          {Traefik, "http: {services: {r: {weighted: {services: [{name: legacy, weight: 3}]}}}}", "", "both arms"},
		"a stranger":       {Traefik, "http: {services: {r: {weighted: {services: [{name: legacy, weight: 3}, {name: x, weight: 1}]}}}}", "", `"x" is in neither arm`},
		"nothing at all":   {Traefik, "http: {services: {r: {weighted: {services: [{name: legacy, weight: 0}, {name: candidate, weight: 0}]}}}}", "", "all weights are 0"},
		"below nothing":    {Traefik, "http: {services: {r: {weighted: {services: [{name: legacy, weight: 2}, {name: candidate, weight: -1}]}}}}", "", "weight"},
		"a weight too few": {Caddy, "reverse_proxy legacy candidate {\n lb_policy weighted_round_robin 50\n}\n", "", "silently get nothing"},
		"another policy":   {Caddy, "reverse_proxy legacy candidate {\n lb_policy random\n}\n", "", "0 weights"},
		"an odd weight":    {Caddy, "reverse_proxy legacy candidate {\n lb_policy weighted_round_robin 5 x\n}\n", "", `"x" is no weight`},
		"json of others":   {Caddy, `{"apps": {}}`, "", "no weighted_round_robin divides"},
		"json half":        {Caddy, `{"apps": {`, "", "not JSON"},
	} {
		_, err := finders()[c.format]([]byte(c.text), Config{Format: c.format, Arms: two, Block: c.block})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNginx_PicksABlockByItsVariable(t *testing.T) {
	c := Config{Format: Nginx, Arms: armsNamed([]string{"legacy"}, []string{"candidate"}), Block: "$c"}
	s, err := findNginx([]byte(`split_clients $a $b { 5% candidate; * legacy; } split_clients $a $c { 7.25% candidate; * legacy; }`), c)
	if err != nil || s.share != 72_500 {
		t.Errorf("%v, %v", s.share, err)
	}
	s, err = findNginx([]byte(`split_clients $a $c { 30% legacy; * "candidate"; }`), c)
	if err != nil || s.share != 700_000 {
		t.Errorf("the rest is the candidate's: %v, %v", s.share, err)
	}
}

func FuzzFind(f *testing.F) {
	for _, name := range []string{"split.conf", "traefik.yml", "Caddyfile", "caddy.json"} {
		b, err := os.ReadFile("../../../testdata/planes/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, format := range []string{Nginx, Traefik, Caddy} {
			find := finders()[format]
			c := Config{Format: format, Arms: armsNamed([]string{"legacy"}, []string{"candidate"})}
			if s, err := find(b, c); err == nil {
				if again, err := find(s.edit(0), c); err != nil || again.share != 0 {
					t.Errorf("%s: nothing for the candidate reads as %v: %v", format, again.share, err)
				}
			}
		}
	})
}
