package drift

import (
	"bytes"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

// sampleProfile has a feature of each form.
func sampleProfile(t *testing.T, seed uint64, n int, shift float64) *Profile {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	at := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	p := &Profile{Name: "ranker 41", From: at, To: at.Add(time.Hour)}
	score, err := p.Values("score")
	if err != nil {
		t.Fatal(err)
	}
	country, err := p.Categories("country")
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		score.Add(r.NormFloat64() + shift)
		country.Add(sources.NewText([]string{"de", "fr", "us"}[r.IntN(3)]), 1)
	}
	edges, tail := latencyCells()
	if err := p.AddCells("latency", Cells{Edges: edges, Counts: draw(r, tail, n)}); err != nil {
		t.Fatal(err)
	}
	return p
}

func saved(t *testing.T, p *Profile) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestProfile_ComesBackToTheSameBytes(t *testing.T) {
	t.Parallel()
	p := sampleProfile(t, 1, 500, 0)
	first := saved(t, p)
	again, err := Load(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	if second := saved(t, again); !bytes.Equal(first, second) {
		t.Errorf("saved\n%s\nloaded and saved\n%s", first, second)
	}
}

// savedForm is what stands in files that operators keep: it must be read for as long as the version is 1.
const savedForm = `{"kind":"profile","version":1,"name":"ranker 41","from":"2026-01-05T14:00:00Z","to":"2026-01-05T15:00:00Z","accuracy":0.01,"features":[` +
	`{"name":"country","form":"categories","zero":null,"missing":4,"sum":null,"categories":[{"name":"de","count":3},{"name":"\\x1b","count":1}]},` +
	`{"name":"latency","form":"cells","zero":null,"missing":null,"sum":1.5,"edges":[0.1,0.25],"counts":[7,2,1]},` +
	`{"name":"score","form":"values","zero":1,"missing":1,"sum":8,"least":-2,"most":10,"negative":[[35,1]],"positive":[[116,1]]}]}` + "\n"

func TestProfile_KeepsItsSavedForm(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 5, 14, 0, 0, 0, time.UTC)
	p := &Profile{Name: "ranker 41", From: at, To: at.Add(time.Hour)}
	score, err1 := p.Values("score")
	country, err2 := p.Categories("country")
	err3 := p.AddCells("latency", Cells{Edges: []float64{.1, .25}, Counts: []float64{7, 2, 1}, Sum: Of(1.5)})
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	for _, v := range []float64{10, -2, 0, math.NaN()} {
		score.Add(v)
	}
	country.Add(sources.NewText("de"), 3)
	country.Add(sources.NewText("\x1b"), 1)
	country.AddMissing(4)
	if got := string(saved(t, p)); got != savedForm {
		t.Errorf("saved\n%swant\n%s", got, savedForm)
	}
}

func TestProfile_MergesInAnyOrder(t *testing.T) {
	t.Parallel()
	ab, ba := sampleProfile(t, 1, 300, 0), sampleProfile(t, 2, 200, 1)
	if err := errors.Join(ab.Merge(sampleProfile(t, 2, 200, 1)), ba.Merge(sampleProfile(t, 1, 300, 0))); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Profile{ab, ba} {
		p.features["score"].sketch.sum = 0 // equal but for rounding
	}
	if a, b := saved(t, ab), saved(t, ba); !bytes.Equal(a, b) {
		t.Errorf("one way\n%s\nthe other\n%s", a, b)
	}
	if n := ab.features["latency"].cells.N(); n != 500 {
		t.Errorf("latency n %g", n)
	}
}

func TestProfile_DiffFindsTheFeatureThatMoved(t *testing.T) {
	t.Parallel()
	reports := Diff(sampleProfile(t, 1, 4000, 0), sampleProfile(t, 2, 4000, .5), Options{})
	var names []string
	for _, r := range reports {
		names = append(names, r.Feature)
		moved := r.Feature == "score"
		if x := r.PSI.Times(); !x.Known || (x.V > 5) != moved {
			t.Errorf("%s: psi %+v", r.Feature, r.PSI)
		}
		if r.Reference != Saved || r.Evidence.Known {
			t.Errorf("%s: reference %v, evidence %+v", r.Feature, r.Reference, r.Evidence)
		}
		if moved && (r.W1.Value < .45 || r.W1.Value > .55 || r.Binning != "10 cells at the deciles of the reference") {
			t.Errorf("score: w1 %+v, binning %q", r.W1, r.Binning)
		}
	}
	if got := strings.Join(names, " "); got != "country latency score" {
		t.Errorf("features %q", got)
	}
}

func TestProfile_DiffComparesValuesWithAHistogram(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	var before, now Profile
	s, err := before.Values("score")
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, 3000)
	for i := range values {
		s.Add(r.Float64())
		values[i] = r.Float64()
	}
	if err := now.AddCells("score", binned(values, []float64{.2, .4, .6, .8})); err != nil {
		t.Fatal(err)
	}
	for _, reports := range [][]Report{Diff(&before, &now, Options{}), Diff(&now, &before, Options{})} {
		if x := reports[0].PSI.Times(); !x.Known || x.V > 4 {
			t.Errorf("psi %+v", reports[0].PSI)
		}
	}
}

func TestProfile_DiffSaysWhatIsOnOneSideOnly(t *testing.T) {
	t.Parallel()
	var before, now Profile
	_, err1 := before.Values("old")
	_, err2 := before.Values("both")
	_, err3 := now.Categories("both")
	_, err4 := now.Categories("fresh")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"old":   "gone: only the saved profile has it",
		"fresh": "new: the saved profile lacks it",
		"both":  "held as values before and as categories now",
	}
	for _, r := range Diff(&before, &now, Options{}) {
		if r.PSI.Why != want[r.Feature] {
			t.Errorf("%s: %q, want %q", r.Feature, r.PSI.Why, want[r.Feature])
		}
	}
}

func TestProfile_RefusesToMixForms(t *testing.T) {
	t.Parallel()
	p, other := sampleProfile(t, 1, 10, 0), &Profile{}
	if _, err := p.Values("country"); !errors.Is(err, ErrProfile) {
		t.Errorf("values of a categorical feature: %v", err)
	}
	if _, err := other.Categories("score"); err != nil {
		t.Fatal(err)
	}
	before := saved(t, p)
	if err := p.Merge(other); !errors.Is(err, ErrProfile) {
		t.Errorf("merge: %v", err)
	}
	if after := saved(t, p); !bytes.Equal(before, after) {
		t.Error("a refused merge changed the profile")
	}
	if _, err := p.Values(strings.Repeat("x", nameLimit+1)); !errors.Is(err, ErrProfile) {
		t.Errorf("a long name: %v", err)
	}
}

func TestLoad_RefusesWhatDoesNotHoldTogether(t *testing.T) {
	t.Parallel()
	head := `{"kind":"profile","version":1,"name":"n","from":"2026-01-05T14:00:00Z","to":"2026-01-05T15:00:00Z","accuracy":0.01,"features":[`
	feature := func(fields string) string {
		return head + `{"name":"f","zero":0,"missing":0,"sum":1,` + fields + `}]}`
	}
	for _, c := range []struct{ name, file, want string }{
		{"nothing", ``, "EOF"},
		{"a torn end", head, "unexpected EOF"},
		{"another file", `{"kind":"dossier","version":1}`, "kind is \"dossier\""},
		{"a later version", `{"kind":"profile","version":2}`, "version is 2"},
		{"another accuracy", `{"kind":"profile","version":1,"accuracy":0.02}`, "accuracy is 0.02"},
		{"an unknown field", `{"kind":"profile","version":1,"secret":1}`, "unknown field"},
		{"more behind the end", head + `]}{}`, "stands behind its end"},
		{"an end before the begin", strings.Replace(head, "T15", "T13", 1) + `]}`, "ends before it begins"},
		{"a form nobody knows", feature(`"form":"tea\u001b"`), `form "tea\\x1b"`},
		{"a negative count", feature(`"form":"values","least":1,"most":1,"positive":[[0,-1]]`), "bucket 0 holds -1"},
		{"a bucket that is none", feature(`"form":"values","least":1,"most":1,"positive":[[0.5,1]]`), "no bucket 0.5"},
		{"a bucket out of the world", feature(`"form":"values","least":1,"most":1,"positive":[[99999,1]]`), "no bucket 99999"},
		{"buckets out of order", feature(`"form":"values","least":1,"most":1,"positive":[[2,1],[1,1]]`), "bucket 1 is out of order"},
		{"values without a least", feature(`"form":"values","positive":[[0,1]]`), "do not fit together"},
		{"values with edges", feature(`"form":"values","edges":[1],"counts":[1,2]`), "another form"},
		{"edges that fall", feature(`"form":"cells","edges":[2,1],"counts":[1,2,3]`), "edge 2 is 1"},
		{"a category twice", feature(`"form":"categories","categories":[{"name":"a","count":1},{"name":"a","count":2}]`), "a stands twice"},
		{"a category of none", feature(`"form":"categories","categories":[{"name":"a","count":0}]`), "holds 0"},
		{"a feature twice", head + `{"name":"f","form":"values","zero":0,"missing":0,"sum":0},{"name":"f","form":"values","zero":0,"missing":0,"sum":0}]}`, "stands twice"},
		{"a feature without a name", head + `{"name":"","form":"values","zero":0,"missing":0,"sum":0}]}`, "1 to 512 bytes"},
		{"missing below nothing", strings.Replace(feature(`"form":"values"`), `"missing":0`, `"missing":-1`, 1), "missing is -1"},
	} {
		p, err := Load(strings.NewReader(c.file))
		if p != nil || !errors.Is(err, ErrProfile) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzLoad_SavesWhatItLoads(f *testing.F) {
	var b bytes.Buffer
	p := &Profile{Name: "seed"}
	s, _ := p.Values("score")
	s.Add(1)
	s.Add(-2)
	c, _ := p.Categories("country")
	c.Add(sources.NewText("de\x1b"), 3)
	if err := errors.Join(p.AddCells("latency", Cells{Edges: []float64{1, 2}, Counts: []float64{1, 2, 3}}), p.Save(&b)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"kind":"profile","version":1,"name":"","from":"0001-01-01T00:00:00Z","to":"0001-01-01T00:00:00Z","accuracy":0.01,"features":[]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		p, err := Load(bytes.NewReader(file))
		if err != nil {
			return
		}
		first := saved(t, p)
		again, err := Load(bytes.NewReader(first))
		if err != nil {
			t.Fatalf("what was saved does not load: %v\n%s", err, first)
		}
		if second := saved(t, again); !bytes.Equal(first, second) {
			t.Fatalf("saved\n%s\nthen\n%s", first, second)
		}
		for _, r := range Diff(p, again, Options{}) {
			checkReport(t, r)
		}
	})
}
