package envoy

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"rampart/sources"
)

// member is what one Envoy says at one instant.
type member struct {
	name     string
	epoch    string
	at       time.Time
	set      sources.ByArm[int]    // what the admin layer says, or one below it
	final    sources.ByArm[int]    // what the routes use
	file     sources.ByArm[int]    // what the configuration says
	above    sources.ByArm[string] // the layer that overrides ours; empty: none
	clusters sources.ByArm[cluster]
}

// cluster is one arm's statistics, cumulated since Envoy started.
type cluster struct {
	healthy, total int64 // hosts
	counters       sources.RouterCounters
}

// readMember asks one member for everything.
func (p *Plane) readMember(ctx context.Context, a *admin) (member, error) {
	m := member{name: a.member, at: p.now()}
	for _, part := range []func(context.Context, *admin, *member) error{p.readEpoch, p.readRoutes, p.readRuntime, p.readStats} {
		if err := part(ctx, a, &m); err != nil {
			return member{}, err
		}
	}
	return m, nil
}

func (p *Plane) readEpoch(ctx context.Context, a *admin, m *member) error {
	var dump struct {
		Configs []struct {
			At string `json:"last_updated"`
		} `json:"configs"`
	}
	if err := a.get(ctx, "/config_dump?mask=last_updated", &dump); err != nil {
		return err
	}
	if len(dump.Configs) > 0 {
		m.epoch = sources.Visible(dump.Configs[0].At)
	}
	return nil
}

// readRuntime reads both keys by layer.
func (p *Plane) readRuntime(ctx context.Context, a *admin, m *member) error {
	var runtime runtime
	if err := a.get(ctx, "/runtime", &runtime); err != nil {
		return err
	}
	m.final = m.file
	ours := slices.Index(runtime.Layers, p.conf.Layer)
	if ours < 0 {
		return &sources.Error{
			Op: "read", Target: m.name, Kind: sources.ErrUnsupported, Cause: fmt.Errorf("its runtime has no layer %q but %q", p.conf.Layer, runtime.Layers),
			Fix: "give Envoy's layered_runtime an admin_layer, and its name as layer",
		}
	}
	for _, arm := range sources.Arms() {
		*m.set.Ptr(arm) = m.file.Of(arm)
		if e, ok := runtime.Entries[p.conf.key(arm)]; ok {
			if err := m.layered(arm, e, runtime.Layers, ours); err != nil {
				return p.odd(m.name, fmt.Errorf("%s is %w", p.conf.key(arm), err))
			}
		}
	}
	return nil
}

// runtime is what Envoy says of its keys, by layer.
type runtime struct {
	Entries map[string]entry `json:"entries"`
	Layers  []string         `json:"layers"`
}

type entry struct {
	Final  string   `json:"final_value"`
	Layers []string `json:"layer_values"`
}

// layered takes an arm's weight from its key: what is set in our layer or below it, what is final, and which layer above ours has a word.
func (m *member) layered(arm sources.Arm, e entry, layers []string, ours int) error {
	final, err := strconv.Atoi(e.Final)
	if err != nil || final < 0 {
		return fmt.Errorf("%q and no weight", e.Final)
	}
	*m.final.Ptr(arm) = final
	for i := range min(len(e.Layers), len(layers)) {
		switch {
		case e.Layers[i] == "":
		case i > ours:
			*m.above.Ptr(arm) = layers[i]
		default:
			if *m.set.Ptr(arm), err = strconv.Atoi(e.Layers[i]); err != nil {
				return fmt.Errorf("%q and no weight", e.Layers[i])
			}
		}
	}
	return nil
}

func (p *Plane) odd(member string, err error) error {
	return &sources.Error{Op: "read", Target: member, Kind: sources.ErrInvalid, Cause: err, Fix: "see runtime_key_prefix and clusters of traffic.envoy"}
}

// readStats reads both clusters' counters.
func (p *Plane) readStats(ctx context.Context, a *admin, m *member) error {
	var stats struct {
		Stats []struct {
			Name  string `json:"name"`
			Value int64  `json:"value"`
		} `json:"stats"`
	}
	filter := fmt.Sprintf(`^cluster\.(%s|%s)\.(membership_(healthy|total)|upstream_(rq_total|rq_retry|rq_5xx|rq_rx_reset|cx_connect_fail|cx_none_healthy))$`,
		regexp.QuoteMeta(p.conf.Clusters.Legacy), regexp.QuoteMeta(p.conf.Clusters.Candidate))
	if err := a.get(ctx, "/stats?format=json&filter="+url.QueryEscape(filter), &stats); err != nil {
		return err
	}
	for _, arm := range sources.Arms() {
		found := map[string]int64{}
		for _, s := range stats.Stats {
			if name, ok := strings.CutPrefix(s.Name, "cluster."+p.conf.Clusters.Of(arm)+"."); ok {
				found[name] = s.Value
			}
		}
		if len(found) == 0 {
			return p.odd(m.name, errors.New("it has no cluster "+p.conf.Clusters.Of(arm)))
		}
		*m.clusters.Ptr(arm) = cluster{
			healthy: found["membership_healthy"], total: found["membership_total"],
			counters: sources.RouterCounters{
				Requests: max(0, found["upstream_rq_total"]+found["upstream_cx_none_healthy"]-found["upstream_rq_retry"]), Errors: found["upstream_rq_5xx"],
				ConnectionErrors: found["upstream_cx_connect_fail"], ResponseErrors: found["upstream_rq_rx_reset"], Retries: found["upstream_rq_retry"],
			},
		}
	}
	return nil
}

// shareOf turns weights into a split. Both 0 is no share: Envoy refuses every request then.
func shareOf(w sources.ByArm[int], at time.Time) sources.Split {
	if w.Legacy+w.Candidate <= 0 {
		return sources.Split{}
	}
	return sources.SplitAt(sources.ShareOf(float64(w.Candidate)/float64(w.Legacy+w.Candidate)), at)
}
