package chart_test

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rampart/ui/cell"
	"rampart/ui/chart"
)

// ended is a chart whose lines end at these values.
func ended(leg, cand, limit float64) chart.Chart {
	return chart.Chart{
		From: start, To: start.Add(time.Minute), Gap: time.Minute, Min: 0, Max: 1,
		Series: []chart.Series{
			{Name: "leg", Points: line(15*time.Second, leg, leg, leg, leg, leg), Tone: cell.Legacy},
			{Name: "cand", Points: line(15*time.Second, cand, cand, cand, cand, cand), Tone: cell.Candidate},
		},
		Limits: []chart.Limit{{Name: "limit", Value: limit}},
	}
}

// named are the ends of the lines from top to bottom.
func named(g cell.Grid) []string {
	return regexp.MustCompile(`\b(leg|cand|limit)\b`).FindAllString(g.String(), -1)
}

func TestLabels_ALimitNeverStandsUnderALineThatLiesBelowIt(t *testing.T) {
	for _, h := range []int{4, 5, 8, 14} {
		if got := named(ended(.31, .9, .46).Draw(58, h)); !slices.Equal(got, []string{"cand", "limit", "leg"}) {
			t.Errorf("%d rows: %v", h, got)
		}
	}
}

func TestLabels_KeepTheOrderOfTheirValuesWhereverTheyMeet(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		value := rapid.Float64Range(0, 1)
		of := map[string]float64{"leg": value.Draw(r, "leg"), "cand": value.Draw(r, "cand"), "limit": value.Draw(r, "limit")}
		g := ended(of["leg"], of["cand"], of["limit"]).Draw(58, rapid.IntRange(4, 16).Draw(r, "h"))
		got := named(g)
		if len(got) != 3 || !slices.IsSortedFunc(got, func(a, b string) int { return cmp.Compare(of[b], of[a]) }) {
			r.Fatalf("%v of %v:\n%s", got, of, g)
		}
	})
}

func TestLabels_WithoutARowForEachTheLimitIsLeftOut(t *testing.T) {
	g := ended(.3, .6, .4).Draw(58, 3)
	if got := strings.Join(named(g), " "); got != "cand leg" {
		t.Errorf("%s:\n%s", got, g)
	}
}

func TestLabels_ThePlotKeepsItsWidthWhereAShareComesToOnePercent(t *testing.T) {
	width := func(c chart.Chart) int {
		c.Unit, c.Max = chart.Share, .5
		g := c.Draw(58, 12)
		axis := strings.Split(g.String(), "\n")[10]
		return cell.Width(strings.TrimRight(axis, " "))
	}
	under, over, far := width(ended(.0096, .0098, .0099)), width(ended(.012, .013, .011)), width(ended(.12, .314, .13))
	if under != over || over != far {
		t.Errorf("%d, %d and %d columns", under, over, far)
	}
}
