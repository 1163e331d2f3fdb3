package envoy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"rampart/sources"
)

// weightedClusters is the part of a route that we change.
type weightedClusters struct {
	Prefix   string `json:"runtime_key_prefix"`
	Clusters []struct {
		Name   string `json:"name"`
		Weight int    `json:"weight"`
	} `json:"clusters"`
}

// readRoutes finds the routes with our prefix in what Envoy runs, static or by RDS, and their weights.
func (p *Plane) readRoutes(ctx context.Context, a *admin, m *member) error {
	var found []weightedClusters
	for _, kind := range []string{"static_route_configs", "dynamic_route_configs"} {
		var dump any
		if err := a.get(ctx, "/config_dump?resource="+kind, &dump); err != nil {
			return err
		}
		found = p.search(dump, found)
	}
	if len(found) == 0 {
		return p.odd(m.name, fmt.Errorf("no route has weighted_clusters with runtime_key_prefix %q: a write would do nothing", p.conf.Prefix))
	}
	for i, w := range found {
		weights, err := p.weights(w)
		if err != nil {
			return p.odd(m.name, err)
		}
		if i > 0 && weights != m.file {
			return p.odd(m.name, fmt.Errorf("routes with runtime_key_prefix %q have different weights", p.conf.Prefix))
		}
		m.file = weights
	}
	return nil
}

// search walks through a dump of any version of the API.
func (p *Plane) search(v any, found []weightedClusters) []weightedClusters {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			found = p.search(item, found)
		}
	case map[string]any:
		for key, item := range v {
			if key != "weighted_clusters" {
				found = p.search(item, found)
				continue
			}
			var w weightedClusters
			if b, err := json.Marshal(item); err == nil && json.Unmarshal(b, &w) == nil && w.Prefix == p.conf.Prefix {
				found = append(found, w)
			}
		}
	}
	return found
}

// weights are those of both arms, and of nobody else.
func (p *Plane) weights(w weightedClusters) (sources.ByArm[int], error) {
	var out sources.ByArm[int]
	seen := sources.ByArm[bool]{}
	for _, c := range w.Clusters {
		arm := sources.Arm(0)
		for _, a := range sources.Arms() {
			if c.Name == p.conf.Clusters.Of(a) {
				arm = a
			}
		}
		if arm == 0 {
			return out, fmt.Errorf("cluster %q of the route is in neither arm", sources.Visible(c.Name))
		}
		*out.Ptr(arm), *seen.Ptr(arm) = c.Weight, true
	}
	if !seen.Legacy || !seen.Candidate {
		return out, errors.New("the route lacks one of the arms' clusters")
	}
	return out, nil
}
