package quality

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"rampart/sources"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func open(c Check) Check {
	if c.Min == 0 && c.Max == 0 {
		c.Min, c.Max = math.NaN(), math.NaN()
	}
	return c
}

func text(s string) Value { return Value{Text: sources.NewText(s), Known: true} }

func checks(t testing.TB, all ...Check) *Checks {
	t.Helper()
	c, err := NewChecks(15*time.Second, all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestChecks_SayHowAValueBreaksWhatWasPromised(t *testing.T) {
	for _, c := range []struct {
		check Check
		value Value
		want  Violation
	}{
		{Check{Type: Number}, text("0.5"), 0},
		{Check{Type: Number}, text("high"), WrongType},
		{Check{Type: Number}, text("NaN"), WrongType},
		{Check{Type: Number}, text(`{"a":1}`), WrongType},
		{Check{Type: Integer}, text("3.5"), WrongType},
		{Check{Type: Integer}, text("3"), 0},
		{Check{Type: Boolean}, text("yes"), WrongType},
		{Check{Values: []string{"de", "en"}}, text("fr"), NotAllowed},
		{Check{Values: []string{"de", "en"}}, text("en"), 0},
		{Check{Min: 0, Max: 1}, text("1.2"), OutOfRange},
		{Check{Min: 0, Max: 1}, text("-0.1"), OutOfRange},
		{Check{Min: 0, Max: 1}, text("none"), WrongType},
		{Check{Min: math.NaN(), Max: 1}, text("-100"), 0},
		{Check{Type: Number, Required: true}, Value{}, Missing},
	} {
		c.check.Field = "f"
		k := checks(t, open(c.check))
		k.Add(sources.Candidate, noon, []Value{c.value})
		r := k.Results()[0]
		if c.want != 0 && r.Breaks.Candidate.Of(c.want) != 1 || (c.want != 0) != (r.Bad.Candidate == 1) {
			t.Errorf("%+v of %q: %+v", c.check, c.value.Text, r.Breaks.Candidate)
		}
	}
}

func TestChecks_AMissingValueIsCountedAndBreaksOnlyWhatIsRequired(t *testing.T) {
	k := checks(t, open(Check{Field: "f", Type: Number}), open(Check{Field: "f", Required: true}))
	for range 10 {
		k.Add(sources.Legacy, noon, []Value{{}, {}})
		k.Add(sources.Legacy, noon, []Value{text("1"), text("1")})
	}
	r := k.Results()
	if r[0].Bad.Legacy != 0 || r[0].Missed.Legacy.V != .5 || r[0].Missed.Legacy.N != 20 || r[1].Bad.Legacy != 10 || r[1].Share.Legacy.Lo < .2 {
		t.Errorf("%+v", r)
	}
}

func TestChecks_AnIDThatComesTwiceInOneArmIsFound(t *testing.T) {
	k := checks(t, open(Check{Field: "id", Unique: true}))
	for i := range 1000 {
		v := []Value{text(fmt.Sprint(i / 2))}
		k.Add(sources.Candidate, noon, v)
		k.Add(sources.Legacy, noon, []Value{text(fmt.Sprint(i))})
	}
	r := k.Results()[0]
	if r.Breaks.Candidate.Of(Repeated) != 500 || r.Bad.Legacy != 0 {
		t.Errorf("%+v", r.Breaks)
	}
	for i := range 3 * mostValues {
		k.Add(sources.Legacy, noon, []Value{text(fmt.Sprint("v", i))})
	}
	if n := len(k.checks[0].seen.Legacy.seen); n > mostValues {
		t.Errorf("%d values are remembered", n)
	}
}

func TestChecks_ACandidateThatBreaksMoreIsShownAndAHealthyOneIsNot(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		rate float64
		want bool
	}{{.01, false}, {.05, true}} {
		k := checks(t, open(Check{Field: "f", Type: Number, MaxRatio: 1.1}))
		for at := range 80 {
			when := noon.Add(time.Duration(at) * 15 * time.Second)
			for range 100 {
				k.Add(sources.Legacy, when, []Value{value(rnd, .01)})
			}
			for range 20 {
				k.Add(sources.Candidate, when, []Value{value(rnd, c.rate)})
			}
		}
		if k.Results()[0].Blocks != 0 {
			t.Error("blocks are judged before the watermark has passed them")
		}
		k.Advance(noon.Add(20 * time.Minute))
		r := k.Results()[0]
		if (r.LogE > math.Log(20)) != c.want || r.Blocks != 80 || !r.Known || r.Lo > c.rate/.01 || r.Hi < c.rate/.01 {
			t.Errorf("rate %v: %+v", c.rate, r)
		}
		k.Add(sources.Legacy, noon, []Value{text("1")})
		if k.Late().Legacy != 1 {
			t.Error("a line behind the watermark is not counted as late")
		}
	}
}

func value(rnd *rand.Rand, bad float64) Value {
	if rnd.Float64() < bad {
		return text("none")
	}
	return text("0.5")
}

func TestCheck_RefusesWhatMakesNoSense(t *testing.T) {
	nan := math.NaN()
	for _, c := range []Check{
		{Min: nan, Max: nan},
		{Field: "f", Min: nan, Max: nan},
		{Field: "f", Min: 2, Max: 1},
		{Field: "f", Type: String, Min: 0, Max: 1},
		{Field: "f", Type: Number, Min: nan, Max: nan, MaxShare: 2},
		{Field: "f", Type: Number, Min: nan, Max: nan, MaxRatio: .5},
	} {
		if _, err := NewChecks(time.Second, []Check{c}); err == nil {
			t.Errorf("%+v is taken", c)
		}
	}
	if _, err := TypeOf("float"); err == nil {
		t.Error("a type that there is not is taken")
	}
}

func TestInputs_CompareBothArmsOverTheSameClosedBlocks(t *testing.T) {
	in, err := NewInputs([]Input{{Field: "score"}, {Field: "label", Categorical: true}}, 30*time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	rnd := rand.New(rand.NewPCG(5, 6))
	for at := range 600 {
		when := noon.Add(time.Duration(at) * time.Second)
		for range 5 {
			in.Add(sources.Legacy, when, []Value{text(fmt.Sprint(rnd.NormFloat64())), text("a")})
		}
		name := "a"
		if at%2 == 0 {
			name = "b"
		}
		in.Add(sources.Candidate, when, []Value{text(fmt.Sprint(1 + rnd.NormFloat64())), text(name)})
	}
	in.Add(sources.Candidate, noon, []Value{text("no number"), {}})
	in.Advance(noon.Add(5*time.Minute + time.Second))
	r, w := in.Reports(time.Time{})
	if w.Length() != 5*time.Minute || r[0].Sides.Legacy.N != 1500 || r[0].Sides.Candidate.N != 300 {
		t.Fatalf("window %v: %v and %v values", w, r[0].Sides.Legacy.N, r[0].Sides.Candidate.N)
	}
	if r[0].PSI.Value < .5 || r[1].PSI.Value < .2 || math.Abs(r[0].Sides.Candidate.Mean.V-1) > .2 {
		t.Errorf("PSI %v and %v", r[0].PSI, r[1].PSI)
	}
	in.Add(sources.Legacy, noon, []Value{text("1"), text("a")})
	if in.Late().Legacy != 1 {
		t.Error("a line behind the watermark counts")
	}
	in.Advance(noon.Add(3 * time.Hour))
	if r, _ := in.Reports(time.Time{}); len(in.blocks) != 0 || r[0].PSI.Known {
		t.Errorf("%d blocks are held after they are old", len(in.blocks))
	}
}
