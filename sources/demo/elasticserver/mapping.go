package elasticserver

import (
	"slices"
	"strings"
)

// fieldCaps answers which fields there are, of which type, and what can be done with them.
func (s *Server) fieldCaps(c *call) (any, *trouble) {
	patterns := texts(c.URL.Query().Get("fields"))
	if body, t := bodyOf(c); t != nil {
		return nil, t
	} else if body["fields"] != nil {
		patterns = texts(body["fields"])
	}
	if len(patterns) == 0 {
		return nil, bad("action_request_validation_exception", "Validation Failed: 1: no fields specified;")
	}
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	indexes, t := s.store.resolve(c.index, lenient(c))
	if t != nil {
		return nil, t
	}
	names, fields := []string{}, map[string]map[string]any{}
	for _, x := range indexes {
		names = append(names, x.name)
		for path, kind := range x.kinds {
			if slices.ContainsFunc(patterns, func(p string) bool { return glob(p, path) }) {
				describe(fields, path, kind)
			}
		}
	}
	return map[string]any{"indices": names, "fields": fields}, nil
}

// describe adds a field and the objects around it.
func describe(fields map[string]map[string]any, path, kind string) {
	one := func(path, kind string, searchable, aggregatable bool) {
		if fields[path] == nil {
			fields[path] = map[string]any{}
		}
		fields[path][kind] = map[string]any{"type": kind, "metadata_field": false, "searchable": searchable, "aggregatable": aggregatable}
	}
	one(path, kind, true, !analyzed(kind))
	for i := strings.LastIndexByte(path, '.'); i > 0; i = strings.LastIndexByte(path[:i], '.') {
		one(path[:i], "object", false, false)
	}
}

// resolveIndex lists the indexes and data streams that an expression names.
func (s *Server) resolveIndex(c *call) (any, *trouble) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	found, t := s.store.resolve(c.index, lenient(c))
	if t != nil {
		return nil, t
	}
	indexes, streams := []any{}, []any{}
	for _, x := range found {
		if x.stream == "" {
			indexes = append(indexes, map[string]any{"name": x.name, "attributes": []string{"open"}})
			continue
		}
		streams = append(streams, map[string]any{"name": x.stream, "backing_indices": []string{x.name}, "timestamp_field": "@timestamp"})
	}
	return map[string]any{"indices": indexes, "aliases": []any{}, "data_streams": streams}, nil
}

// resolveCluster says that an expression is answered by this cluster alone.
func (s *Server) resolveCluster(c *call) (any, *trouble) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	found, _ := s.store.resolve(c.index, true)
	return map[string]any{"(local)": map[string]any{
		"connected": true, "skip_unavailable": false, "matching_indices": len(found) > 0, "version": map[string]any{
			"number": version, "build_flavor": "default", "minimum_wire_compatibility_version": "7.17.0", "minimum_index_compatibility_version": "7.0.0",
		},
	}}, nil
}

// mapping gives the field types as nested properties.
func (s *Server) mapping(c *call) (any, *trouble) {
	s.store.mu.RLock()
	defer s.store.mu.RUnlock()
	found, t := s.store.resolve(c.index, lenient(c))
	if t != nil {
		return nil, t
	}
	out := map[string]any{}
	for _, x := range found {
		properties := map[string]any{}
		for path, kind := range x.kinds {
			put(properties, strings.ReplaceAll(path, ".", ".properties."), map[string]any{"type": kind})
		}
		out[x.name] = map[string]any{"mappings": map[string]any{"properties": properties}}
	}
	return out, nil
}

func (s *Server) info(*call) (any, *trouble) {
	return map[string]any{
		"name": "demo", "cluster_name": "demo", "cluster_uuid": "ZGVtbw", "tagline": "You Know, for Search",
		"version": map[string]any{
			"number": version, "build_flavor": "default", "build_type": "docker", "build_hash": "demo", "build_date": "2026-01-01T00:00:00Z", "build_snapshot": false,
			"lucene_version": "9.12.0", "minimum_wire_compatibility_version": "7.17.0", "minimum_index_compatibility_version": "7.0.0",
		},
	}, nil
}

func (s *Server) health(*call) (any, *trouble) {
	return map[string]any{
		"cluster_name": "demo", "status": "green", "timed_out": false, "number_of_nodes": 1, "number_of_data_nodes": 1, "active_primary_shards": 1,
		"active_shards": 1, "relocating_shards": 0, "initializing_shards": 0, "unassigned_shards": 0, "active_shards_percent_as_number": 100.,
	}, nil
}

func (s *Server) whoAmI(*call) (any, *trouble) {
	return map[string]any{
		"username": "demo", "roles": []any{}, "enabled": true, "authentication_type": "api_key", "api_key": map[string]any{"id": "demo", "name": "rampart"},
	}, nil
}

// pruned keeps the parts of an answer that filter_path names: dotted paths with * for one name and ** for any number of them.
func pruned(v any, patterns []string) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	var split [][]string
	for _, p := range patterns {
		split = append(split, strings.Split(p, "."))
	}
	if kept, ok := keep(m, split).(map[string]any); ok {
		return kept
	}
	return map[string]any{}
}

// keep gives the part of a value that any of the paths leads to; nil when none does.
func keep(v any, paths [][]string) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, inner := range v {
			var rest [][]string
			whole := false
			for _, p := range paths {
				if len(p) > 0 && p[0] == "**" {
					rest = append(rest, p, p[1:])
					p = p[1:]
				}
				if len(p) > 0 && glob(p[0], k) {
					whole = whole || len(p) == 1
					rest = append(rest, p[1:])
				}
			}
			if whole {
				out[k] = inner
			} else if kept := keep(inner, rest); kept != nil {
				out[k] = kept
			}
		}
		if len(out) > 0 {
			return out
		}
	case []any:
		var out []any
		for _, item := range v {
			if kept := keep(item, paths); kept != nil {
				out = append(out, kept)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}
