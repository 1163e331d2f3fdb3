package drift

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rampart/sources"
)

func categoriesOf(counts map[string]float64) Categories {
	var c Categories
	for name, n := range counts {
		c.Add(sources.NewText(name), n)
	}
	return c
}

func TestCompareCategories_NamesWhatIsNewAndWhatIsGone(t *testing.T) {
	t.Parallel()
	legacy := categoriesOf(map[string]float64{"de": 12000, "fr": 7000, "us": 4000, "at": 900, "nz": 2})
	candidate := categoriesOf(map[string]float64{"de": 620, "fr": 380, "us": 200, "": 40})
	r := CompareCategories(legacy, candidate, Options{Feature: "country"})
	if len(r.Appeared) != 1 || !r.Appeared[0].Name.IsZero() || r.Appeared[0].Count != 40 || r.Appeared[0].Chance > 1e-30 {
		t.Errorf("appeared %+v", r.Appeared)
	}
	if len(r.Gone) != 2 || r.Gone[0].Name.String() != "at" || r.Gone[1].Chance < .8 {
		t.Errorf("gone %+v", r.Gone)
	}
	if !r.PSI.Known || r.PSI.Times().V < 5 || !r.TV.Known || r.W1.Known || r.W1.Why != "categories have no order" {
		t.Errorf("psi %+v tv %+v w1 %+v", r.PSI, r.TV, r.W1)
	}
	if want := "6 categories, 1 rare ones merged for PSI and JS"; r.Binning != want {
		t.Errorf("binning %q, want %q", r.Binning, want)
	}
	if r.Kind != Categorical || r.Zero.Why == "" {
		t.Errorf("kind %v, zero %+v", r.Kind, r.Zero)
	}
}

func TestCompareCategories_OfEqualArmsIsAsExpected(t *testing.T) {
	t.Parallel()
	legacy := categoriesOf(map[string]float64{"a": 5020, "b": 2980, "c": 2000})
	candidate := categoriesOf(map[string]float64{"a": 495, "b": 301, "c": 204})
	r := CompareCategories(legacy, candidate, Options{})
	if x := r.PSI.Times(); !x.Known || x.V > 2 {
		t.Errorf("psi %+v", r.PSI)
	}
	if len(r.Appeared)+len(r.Gone) > 0 {
		t.Errorf("appeared %v, gone %v", r.Appeared, r.Gone)
	}
}

func TestCategories_OfUserIDsStaySmallAndLoseNoRequest(t *testing.T) {
	t.Parallel()
	var c Categories
	for i := range 100_000 {
		c.Add(sources.NewText(fmt.Sprintf("user-%d", i)), 1)
		if i%10 == 0 {
			c.Add(sources.NewText("bot"), 1)
		}
	}
	if len(c.counts) > 2*keepCategories {
		t.Errorf("%d names kept", len(c.counts))
	}
	if c.N() != 110_000 || c.Count(sources.NewText("bot")) != 10_000 {
		t.Errorf("n %g, bot %g", c.N(), c.Count(sources.NewText("bot")))
	}
	r := CompareCategories(c, c, Options{})
	if len(r.Notes) == 0 || r.Notes[0].Kind != sources.NoteSampled {
		t.Errorf("notes %v", r.Notes)
	}
}

func TestCategories_KeepNamesHarmlessAndShort(t *testing.T) {
	t.Parallel()
	var c Categories
	c.Add(sources.NewText("\x1b[31mred"), 1)
	c.Add(sources.NewText(strings.Repeat("ü", 4000)), 1)
	c.Add(sources.NewText("x"), math.NaN())
	c.Add(sources.NewText("y"), -1)
	for _, name := range c.names() {
		if s := name.String(); strings.Contains(s, "\x1b") || len(s) > nameBytes+len("…") {
			t.Errorf("name %q", s)
		}
	}
	if c.N() != 2 || c.Count(sources.NewText("\x1b[31mred")) != 1 {
		t.Errorf("n %g", c.N())
	}
}

func TestCategories_MergeInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		side := func(label string) Categories {
			var c Categories
			for range rapid.IntRange(0, 20).Draw(t, label) {
				c.Add(sources.NewText(rapid.StringMatching("[a-d]{1,2}").Draw(t, label)), float64(rapid.IntRange(1, 5).Draw(t, label)))
			}
			return c
		}
		a, b := side("a"), side("b")
		var ab, ba Categories
		ab.Merge(a)
		ab.Merge(b)
		ba.Merge(b)
		ba.Merge(a)
		if fmt.Sprint(ab.names(), ab.N()) != fmt.Sprint(ba.names(), ba.N()) || ab.N() != a.N()+b.N() {
			t.Fatalf("%v and %v", ab, ba)
		}
	})
}
