package predictions

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/analysis/pair"
	"rampart/analysis/quality"
	"rampart/sources"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func line(arm sources.Arm, at time.Time, doc string) sources.LogLine {
	return sources.LogLine{Arm: arm, At: at, Source: []byte(doc)}
}

func config() Config {
	return Config{
		ID: "trace.id", Score: "prediction.score", Label: "label.click", Took: "event.duration", Second: 1e-9,
		Inputs: []quality.Input{{Field: "prediction.score"}},
		Checks: []Rule{{Check: quality.Check{Field: "prediction.score", Type: quality.Number, Min: 0, Max: 1, MaxShare: .01}, OnWorse: analysis.DoHold}},
		Labels: quality.LabelsConfig{Delay: time.Hour},
		Pairs:  &Pairs{Config: pair.Config{Window: 10 * time.Second}, Fields: []string{"prediction.item", "user.email"}},
		Teams:  &Teams{Query: "query.id", Team: "team", Event: "event.action", Impression: "impression", Click: "click", Legacy: "a", Candidate: "b", Window: time.Minute},
	}
}

func book(t testing.TB, c Config) *Book {
	t.Helper()
	b, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Begin("42"); err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBook_ReadsPredictionsPairsAndLabelsFromDocuments(t *testing.T) {
	b := book(t, config())
	var p sources.Page
	for i := range 300 {
		for _, a := range sources.Arms() {
			score := .25 + .5*float64(i%2)
			if a == sources.Candidate && i%10 == 0 {
				score = 1.5
			}
			p.Lines = append(p.Lines, line(a, noon.Add(time.Duration(i)*time.Second), fmt.Sprintf(
				`{"trace":{"id":"%d"},"prediction":{"score":%g,"item":"i%d"},"event":{"duration":%d},"user":{"email":"a@example.org"}}`, i, score, i%3*int(a%2), 1_000_000*(i+int(a)))))
		}
		p.Lines = append(p.Lines, line(sources.Legacy, noon.Add(time.Duration(i+60)*time.Second), fmt.Sprintf(`{"trace":{"id":"%d"},"label":{"click":%t}}`, i+1000, i%2 == 1)))
	}
	b.Take(p)
	b.Advance(noon.Add(10 * time.Minute))
	v := b.View()
	if v.Lines != (sources.ByArm[int64]{Legacy: 300, Candidate: 300}) || v.Pairs.Pairs != 300 || v.Pairs.Agreement.N != 300 || v.Pairs.Latency.P50.V < .0009 || v.Pairs.Latency.P50.V > .0011 {
		t.Errorf("lines %v, pairs %+v", v.Lines, v.Pairs)
	}
	w := v.Pairs.Worst[0]
	if !w.Fields[0].Differs || w.Fields[1].Differs || strings.Contains(w.Fields[1].Legacy.String(), "example.org") {
		t.Errorf("the worst pair is not marked or not masked: %+v", w)
	}
	if c := v.Checks[0]; c.Mark != analysis.MarkWorse && c.Mark != analysis.MarkWarn || c.Broken[0].How != "out of range" || c.Broken[0].Lines.Candidate != 30 || c.Candidate.V != .1 || !c.Candidate.Interval {
		t.Errorf("%+v", v.Checks)
	}
	if g := b.Guards(v); len(g) != 1 || !g[0].Breached || g[0].Guard.OnWorse != analysis.DoHold || !strings.Contains(g[0].Text, "out of range 30") {
		t.Errorf("%+v", g)
	}
	r, w2 := b.Drift(noon)
	if !r[0].PSI.Known || w2.Length() < 5*time.Minute {
		t.Errorf("%+v over %v", r[0].PSI, w2)
	}
	if v.Labels.Figures[0].Legacy.Known || !strings.Contains(v.Labels.Figures[0].Legacy.Why, "no label yet") || !v.Labels.Due.Equal(noon.Add(time.Hour)) {
		t.Errorf("labels of others: %+v", v.Labels)
	}
}

func TestBook_ACheckThatIsJudgedByEvidenceStandsByItself(t *testing.T) {
	c := config()
	c.Checks = []Rule{{Check: quality.Check{Field: "prediction.score", Type: quality.Number, Min: math.NaN(), Max: math.NaN(), MaxRatio: 1.5}, OnWorse: analysis.DoHold}}
	b := book(t, c)
	for i := range 600 {
		docs := sources.ByArm[string]{Legacy: `{"prediction.score":0.5}`, Candidate: `{"prediction.score":0.5}`}
		if i%5 == 0 {
			docs.Candidate = `{"prediction.score":"none"}`
		}
		if i%100 == 0 {
			docs.Legacy = `{"prediction.score":"none"}`
		}
		for _, a := range sources.Arms() {
			b.Take(sources.Page{Lines: []sources.LogLine{line(a, noon.Add(time.Duration(i)*time.Second), docs.Of(a))}})
		}
	}
	b.Advance(noon.Add(5 * time.Second))
	if g := b.Guards(b.View()); g[0].Breached || g[0].Mark != analysis.MarkMissing {
		t.Errorf("before a block is closed: %+v", g)
	}
	b.Advance(noon.Add(time.Hour))
	g := b.Guards(b.View())
	if !g[0].Breached || g[0].Guard.Relative() || g[0].Limit.V != 1.5 || g[0].Value.Lo < 1.5 {
		t.Errorf("%+v", g)
	}
}

func TestBook_LabelsThatComeLaterAreJoined(t *testing.T) {
	b := book(t, config())
	for i := range 100 {
		b.Take(sources.Page{Lines: []sources.LogLine{
			line(sources.Candidate, noon, fmt.Sprintf(`{"trace.id":"%d","prediction.score":%g}`, i, float64(i)/100)),
			line(0, noon.Add(time.Hour), fmt.Sprintf(`{"trace.id":"%d","label.click":"%d"}`, i, i/50)),
		}})
	}
	l := b.View().Labels
	i := slices.IndexFunc(l.Figures, func(f frame.Figure) bool { return f.Name == "AUC" })
	if f := l.Figures[i]; f.Candidate.V != 1 || f.Candidate.N != 100 || l.Coverage.Candidate.V != 1 || math.Abs(l.Delay.Candidate.V-3600) > 40 || !l.Due.IsZero() {
		t.Errorf("%+v", l)
	}
}

func TestBook_ADocumentThatIsNoPredictionSaysNothingAndABadOneIsCounted(t *testing.T) {
	b := book(t, config())
	for _, doc := range []string{
		``, `{`, `[]`, `{"prediction":7}`, `{"prediction":{"score":null}}`, `{"message":"x"}`, strings.Repeat(`{"a":`, 1000),
	} {
		b.Take(sources.Page{Lines: []sources.LogLine{line(sources.Legacy, noon, doc)}})
	}
	if v := b.View(); v.Lines.Legacy != 0 {
		t.Errorf("%d lines are called predictions", v.Lines.Legacy)
	}
	for _, doc := range []string{`{"prediction.score":"high"}`, `{"prediction.score":{"v":1}}`, `{"prediction.score":[1]}`, `{"prediction.score":1e999}`, `{"prediction.score":"` + strings.Repeat("9", 1<<20) + `"}`} {
		b.Take(sources.Page{Lines: []sources.LogLine{line(sources.Legacy, noon, doc), line(sources.Legacy, time.Time{}, doc)}})
	}
	b.Advance(noon.Add(time.Hour))
	v := b.View()
	if v.Lines.Legacy != 10 || v.Undated.Legacy != 5 || v.Checks[0].Broken[0].How != "wrong type" || v.Checks[0].Broken[0].Lines.Legacy != 5 {
		t.Errorf("%d lines, %d undated, %+v", v.Lines.Legacy, v.Undated.Legacy, v.Checks[0].Broken)
	}
	if u := v.Pairs.Unmatched; len(u) != 1 || u[0].Why != "no id" || u[0].Lines.Legacy != 10 {
		t.Errorf("%+v", u)
	}
}

func TestBook_TeamsAreTakenFromTheirField(t *testing.T) {
	b := book(t, config())
	for q := range 20 {
		for _, doc := range []string{`"team":"a","event":{"action":"impression"}`, `"team":"b","event":{"action":"impression"}`, `"team":"b","event":{"action":"click"}`, `"team":"zebra","event":{"action":"click"}`} {
			b.Take(sources.Page{Lines: []sources.LogLine{line(sources.Legacy, noon, fmt.Sprintf(`{"query":{"id":"q%d"},%s}`, q, doc))}})
		}
	}
	b.Advance(noon.Add(time.Hour))
	if s := b.View().Teams; s.Wins.Candidate != 20 || s.Share.V != 1 || s.Share.Lo < .5 || s.SignTest.V > 1e-4 || s.Evidence.V < 20 || !strings.Contains(s.Note, "20 without query, team or time") {
		t.Errorf("%+v", s)
	}
}

func TestBook_AnotherRolloutBeginsAnew(t *testing.T) {
	b := book(t, config())
	b.Take(sources.Page{Lines: []sources.LogLine{line(sources.Legacy, noon, `{"trace.id":"1","prediction.score":1}`)}})
	if err := b.Begin("42"); err != nil || b.View().Lines.Legacy != 1 {
		t.Error("the same rollout has begun anew")
	}
	if err := b.Begin("43"); err != nil || b.View().Lines.Legacy != 0 {
		t.Error("another model's predictions are still counted")
	}
}
