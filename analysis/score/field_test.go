package score

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// fieldsOf are all names in a JSON document, those within others behind a dot, each once and sorted.
func fieldsOf(t *testing.T, line string) string {
	t.Helper()
	var document map[string]any
	if err := json.Unmarshal([]byte(line), &document); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	names := map[string]bool{}
	var walk func(prefix string, v any)
	walk = func(prefix string, v any) {
		inner, ok := v.(map[string]any)
		if !ok {
			return
		}
		for name, v := range inner {
			names[prefix+name] = true
			walk(prefix+name+".", v)
		}
	}
	walk("", document)
	return strings.Join(slices.Sorted(maps.Keys(names)), " ")
}

// spread writes the fields of one measure under its name.
func spread(measure string, fields ...string) string {
	out := []string{"measures." + measure}
	for _, f := range fields {
		out = append(out, "measures."+measure+"."+f)
	}
	return strings.Join(out, " ")
}

func TestRun_EachLineHasTheDocumentedFieldsAndNoOther(t *testing.T) {
	ours := []string{"call", "log_e_harm", "log_e_safe", "n_candidate", "n_legacy", "rr", "rr_hi", "rr_lo"}
	documented := strings.Fields("id t block call log_e log_e.harm log_e.safe measures gauges gauges.dispersion gauges.lag1 gauges.srm_log_e gauges.red " +
		"forecast_blocks forecast_blocks.lo forecast_blocks.hi " +
		spread("errors", append(ours, "a1")...) + " " + spread("latency", append(ours, "b1", "b2", "edge")...))
	slices.Sort(documented)
	header := `{"kind":"dossier","version":1,"id":"r","measures":[{"name":"errors","kind":"errors"},{"name":"latency","kind":"latency","edges":[0.1]}]}`
	both := func(n, x int) string {
		return strings.TrimSuffix(arm(n, x), "}") + fmt.Sprintf(`,"latency":[%d,%d]}`, n-x, x)
	}
	out, _, err := judge(t, JSONLines, Options{}, header, block(1, "0.5", both(1000, 5), both(1000, 6)))
	if err != nil || fieldsOf(t, out) != strings.Join(documented, " ") {
		t.Errorf("%v: the line has\n%s\nwant\n%s", err, fieldsOf(t, out), strings.Join(documented, " "))
	}
	out, _, err = judge(t, Summarized, Options{}, header, block(1, "0.5", both(1000, 5), both(1000, 6)))
	if want := "blocks call first_auto first_red first_safe first_worse id"; err != nil || fieldsOf(t, out) != want {
		t.Errorf("%v: the summary has\n%s\nwant\n%s", err, fieldsOf(t, out), want)
	}
	out, _, err = judge(t, JSONLines, Options{}, header, "broken")
	if want := "error id"; err == nil || fieldsOf(t, out) != want {
		t.Errorf("%v: a broken dossier ends with\n%s\nwant\n%s", err, fieldsOf(t, out), want)
	}
}

func TestRun_TheCallIsOneOfSixWords(t *testing.T) {
	none := `null`
	worse := block(1, "0.5", arm(100000, 10), arm(100000, 900))
	var safe, idle []string
	for n := range 400 {
		safe = append(safe, block(n+1, "0.5", arm(5000, 50), arm(5000, 50)))
	}
	for n := range 40 {
		idle = append(idle, block(n+1, "0", arm(5000, 50), arm(0, 0)))
	}
	for want, lines := range map[string][]string{
		"worse":                {worse},
		"safe":                 safe,
		"undecided":            {block(1, "0.5", arm(10, 0), arm(10, 0))},
		"stale":                {block(1, "0.5", arm(10, 0), arm(10, 0)), block(2, "0.5", arm(10, 0), none), block(3, "0.5", arm(10, 0), none), block(4, "0.5", arm(10, 0), none)},
		"no_data":              {block(1, "0.5", none, none)},
		"no_candidate_traffic": idle,
	} {
		all := linesOf(t, append([]string{plain}, lines...)...)
		if got := all[len(all)-1].Call; got != want {
			t.Errorf("the call is %q, want %q", got, want)
		}
	}
}
