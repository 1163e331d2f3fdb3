package sourcetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"rampart/sources"
)

// MetricsWorld is a metrics source over something that has been serving both arms for a while. Queries that the source
// cannot answer at all are left empty.
type MetricsWorld struct {
	Source   sources.Metrics
	Window   sources.Window // settled: nothing in it changes any more; at least ten blocks, both arms served in it
	Errors   sources.BlockQuery
	Slow     sources.BlockQuery
	Features sources.DistributionQuery
	Levels   sources.DistributionQuery // gauges
	Version  sources.IdentityQuery
	Expr     string // a free expression with one value
	BadExpr  string // one that does not parse
	Secret   string // what must never be told
}

// Metrics proves that a source keeps the promises of [sources.Metrics]. Every open gives a world of its own.
func Metrics(t *testing.T, open func(t *testing.T) MetricsWorld) {
	w := open(t)
	t.Run("BlocksEndAtMultiplesOfTheStepWithoutGaps", func(t *testing.T) { blocksAreAligned(t, w) })
	t.Run("CountsAreWholeRequestsOfBothArms", func(t *testing.T) { countsAreWhole(t, w) })
	t.Run("TwoWindowsAgreeBlockForBlock", func(t *testing.T) { windowsAgree(t, w) })
	t.Run("OneMeasuresFailureLeavesTheOthersAlone", func(t *testing.T) { failuresStayApart(t, w) })
	t.Run("NothingMatchedIsNoDataAndNeverZero", func(t *testing.T) { nothingIsNoData(t, w) })
	t.Run("AnEndedContextEndsTheQuestion", func(t *testing.T) { contextIsHonoured(t, w) })
	t.Run("DistributionsHoldBothArms", func(t *testing.T) { distributionsHoldBothArms(t, w) })
	t.Run("GaugesGiveOneValueEach", func(t *testing.T) { gaugesGiveValues(t, w) })
	t.Run("IdentitiesNameTheVersions", func(t *testing.T) { identitiesNameVersions(t, w) })
	t.Run("AThresholdIsOneNumber", func(t *testing.T) { thresholdIsOneNumber(t, w) })
	t.Run("HealthNamesTheSource", func(t *testing.T) { healthNamesTheSource(t, w) })
}

// absent is a metric that nobody exports.
const absent = "rampart_proof_of_absence_total"

func failuresStayApart(t *testing.T, w MetricsWorld) {
	bad := w.Errors
	bad.Measure, bad.Counter = "absent", absent
	out := w.Source.Blocks(t.Context(), append([]sources.BlockQuery{bad}, w.asked()...), w.Window)
	if out[0].Err == nil {
		t.Error("a metric that nobody exports gave no error")
	}
	for _, bs := range out[1:] {
		if bs.Err != nil || len(bs.Blocks) == 0 {
			t.Errorf("%s failed with another measure: %v", bs.Measure, bs.Err)
		}
	}
}

func nothingIsNoData(t *testing.T, w MetricsWorld) {
	q := w.Errors
	q.Counter = absent
	bs := w.Source.Blocks(t.Context(), []sources.BlockQuery{q}, w.Window)[0]
	proper(t, w, bs.Err, sources.ErrNoData)
	if bs.Blocks != nil {
		t.Errorf("blocks %v of nothing", bs.Blocks)
	}
	if w.Features.Names != "" {
		f := w.Features
		f.Names = absent
		_, err := w.Source.Distributions(t.Context(), f, w.Window)
		proper(t, w, err, sources.ErrNoData)
	}
}

// proper checks that an error has a kind, a place and no secret.
func proper(t *testing.T, w MetricsWorld, err, kind error) {
	t.Helper()
	e, ok := errors.AsType[*sources.Error](err)
	if !ok || !errors.Is(err, kind) {
		t.Errorf("%v is not %v", err, kind)
		return
	}
	if e.Op == "" || e.Target == "" {
		t.Errorf("%v has no place", err)
	}
	if w.Secret != "" && strings.Contains(err.Error(), w.Secret) {
		t.Errorf("%v tells a secret", err)
	}
}

func contextIsHonoured(t *testing.T, w MetricsWorld) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, bs := range w.Source.Blocks(ctx, w.asked(), w.Window) {
		if bs.Err == nil || bs.Blocks != nil {
			t.Errorf("%s: an ended context gave %d blocks, error %v", bs.Measure, len(bs.Blocks), bs.Err)
		}
	}
	if w.Expr != "" {
		if _, err := w.Source.Threshold(ctx, w.Expr, w.Window.To); !errors.Is(err, context.Canceled) {
			t.Errorf("threshold: %v", err)
		}
	}
}

func distributionsHoldBothArms(t *testing.T, w MetricsWorld) {
	if w.Features.Names == "" {
		t.Skip("this source has no features")
	}
	ds, err := w.Source.Distributions(t.Context(), w.Features, w.Window)
	if err != nil || len(ds) == 0 {
		t.Fatalf("%d distributions, error %v", len(ds), err)
	}
	for _, d := range ds {
		if d.Name == "" || d.Newest.IsZero() {
			t.Errorf("%+v has no name or no age", d)
		}
		for _, arm := range sources.Arms() {
			h := d.Histogram.Of(arm)
			if h == nil || h.N() == 0 || len(h.Counts) != len(h.Edges)+1 || !slices.IsSorted(h.Edges) {
				t.Errorf("%s %s: %+v", d.Name, arm, h)
			}
		}
		if l, c := d.Histogram.Legacy, d.Histogram.Candidate; l != nil && c != nil && !slices.Equal(l.Edges, c.Edges) {
			t.Errorf("%s: the arms' edges differ: %v, %v", d.Name, l.Edges, c.Edges)
		}
	}
}

func gaugesGiveValues(t *testing.T, w MetricsWorld) {
	if w.Levels.Names == "" {
		t.Skip("this source has no gauges")
	}
	ds, err := w.Source.Distributions(t.Context(), w.Levels, w.Window)
	if err != nil || len(ds) == 0 {
		t.Fatalf("%d gauges, error %v", len(ds), err)
	}
	for _, d := range ds {
		if len(d.Values.Legacy) == 0 || len(d.Values.Candidate) == 0 {
			t.Errorf("%s: values %+v", d.Name, d.Values)
		}
	}
}

func identitiesNameVersions(t *testing.T, w MetricsWorld) {
	if w.Version.Metric == "" {
		t.Skip("this source tells no version")
	}
	ids, err := w.Source.Identities(t.Context(), w.Version, w.Window)
	if err != nil {
		t.Fatal(err)
	}
	var seen sources.ByArm[bool]
	for _, id := range ids {
		*seen.Ptr(id.Arm) = true
		if id.Version.IsZero() || id.To.Before(id.From) || id.From.IsZero() {
			t.Errorf("%+v", id)
		}
		if !id.Started.IsZero() && id.Started.After(id.To) {
			t.Errorf("%s started at %v, after it was last seen at %v", id.Version, id.Started, id.To)
		}
	}
	if !seen.Legacy || !seen.Candidate {
		t.Errorf("versions of %+v only", seen)
	}
}

func thresholdIsOneNumber(t *testing.T, w MetricsWorld) {
	if w.Expr == "" {
		t.Skip("this source has no expressions")
	}
	if got, err := w.Source.Threshold(t.Context(), w.Expr, w.Window.To); err != nil || got.At.IsZero() {
		t.Errorf("%+v, %v", got, err)
	}
	if w.BadExpr != "" {
		_, err := w.Source.Threshold(t.Context(), w.BadExpr, w.Window.To)
		proper(t, w, err, sources.ErrInvalid)
	}
}

func healthNamesTheSource(t *testing.T, w MetricsWorld) {
	h := w.Source.Health(t.Context())
	if h.Err != nil || h.Source == "" || h.Target == "" || h.Who.IsZero() {
		t.Errorf("%+v", h)
	}
	if w.Secret != "" && strings.Contains(fmt.Sprintf("%+v", h), w.Secret) {
		t.Error("health tells a secret")
	}
}
