package elasticserver

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
)

// trouble is an error in Elasticsearch's shape.
type trouble struct {
	status int
	kind   string
	reason string
	more   map[string]any
	// shard is the index on whose shard it happened; nil when the request was refused before.
	shard *index
	late  bool // it happens on a shard
}

func bad(kind, format string, args ...any) *trouble {
	return &trouble{status: http.StatusBadRequest, kind: kind, reason: fmt.Sprintf(format, args...)}
}

// parsing is the trouble of a body that cannot be read.
func parsing(format string, args ...any) *trouble { return bad("parsing_exception", format, args...) }

// onShard marks a trouble that the real server meets only when a shard runs the search: it then comes wrapped.
func onShard(t *trouble) *trouble {
	t.late = true
	return t
}

func noIndex(name string) *trouble {
	return &trouble{
		status: http.StatusNotFound, kind: "index_not_found_exception", reason: "no such index [" + name + "]",
		more: map[string]any{"resource.type": "index_or_alias", "resource.id": name, "index_uuid": "_na_", "index": name},
	}
}

func denied(status int, reason string) *trouble {
	return &trouble{status: status, kind: "security_exception", reason: reason}
}

// body gives the error as it is sent: the root cause is the cause itself, or that of the shard which failed.
func (t *trouble) body() map[string]any {
	cause := map[string]any{"type": t.kind, "reason": t.reason}
	maps.Copy(cause, t.more)
	if t.kind == "parsing_exception" {
		cause["line"], cause["col"] = 1, 1
	}
	e := maps.Clone(cause)
	if t.shard != nil {
		cause["index"], cause["index_uuid"] = t.shard.name, "demo"
		e = map[string]any{
			"type": "search_phase_execution_exception", "reason": "all shards failed", "phase": "query", "grouped": true,
			"failed_shards": []any{map[string]any{"shard": 0, "index": t.shard.name, "node": "demo", "reason": cause}},
		}
	}
	e["root_cause"] = []any{cause}
	return map[string]any{"error": e, "status": t.status}
}

// send writes JSON in the media type that the client asked for.
func send(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// faultBody says what Elasticsearch says with these codes.
func faultBody(w http.ResponseWriter, status int) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	t := &trouble{status: status, kind: "status_exception", reason: http.StatusText(status)}
	switch status {
	case http.StatusUnauthorized:
		t = noCredentials()
	case http.StatusForbidden:
		t = denied(status, "action [indices:data/read/search] is unauthorized for API key id [demo] of user [demo] on indices [logs-ranker-prod], "+
			"this action is granted by the index privileges [read,all]")
	case http.StatusTooManyRequests:
		t = &trouble{status: status, kind: "es_rejected_execution_exception", reason: "rejected execution of coordinating operation " +
			"[coordinating_and_primary_bytes=0, replica_bytes=0, all_bytes=0, coordinating_operation_bytes=105, max_coordinating_and_primary_bytes=100]"}
	case http.StatusServiceUnavailable:
		t = &trouble{status: status, kind: "cluster_block_exception", reason: "blocked by: [SERVICE_UNAVAILABLE/1/state not recovered / initialized];"}
	}
	send(w, status, t.body())
}

func noCredentials() *trouble {
	return denied(http.StatusUnauthorized, "missing authentication credentials for REST request [/_search]")
}
