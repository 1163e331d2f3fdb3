package prom

import (
	"context"
	"time"

	"rampart/sources"
)

func (s *Source) Distributions(ctx context.Context, q sources.DistributionQuery, w sources.Window) ([]sources.Distribution, error) {
	return nil, nil
}
func (s *Source) Identities(ctx context.Context, q sources.IdentityQuery, w sources.Window) ([]sources.Identity, error) {
	return nil, nil
}
func (s *Source) Threshold(ctx context.Context, expr string, at time.Time) (sources.Sample, error) {
	return sources.Sample{}, nil
}
func (s *Source) Health(ctx context.Context) sources.Health { return sources.Health{} }
