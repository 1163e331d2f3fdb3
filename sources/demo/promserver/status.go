package promserver

import (
	"net/http"
	"time"

	"rampart/sources/demo/world"
)

// version is the release whose engine and store are inside.
const version = "3.14.0"

// targets answers /targets: each pod with its last scrape.
func (s *Server) targets(r *http.Request) (*outcome, *trouble) {
	active := []map[string]any{}
	s.live.Do(func(*world.World) {
		for _, t := range s.scraper.order {
			active = append(active, t.describe(s.scraper.interval))
		}
	})
	if r.FormValue("state") == "dropped" {
		active = active[:0]
	}
	return &outcome{data: map[string]any{
		"activeTargets": active, "droppedTargets": []any{}, "droppedTargetCounts": map[string]int{"ranker": 0},
	}}, nil
}

func (t *target) describe(interval int64) map[string]any {
	own := map[string]string{}
	for _, l := range t.pod.Target {
		own[l.Name] = l.Value
	}
	health, trouble := "up", ""
	if !t.health {
		health, trouble = "down", "Get \"http://"+t.pod.Instance+"/metrics\": dial tcp: connect: connection refused"
	}
	span := (time.Duration(interval) * time.Millisecond).String()
	return map[string]any{
		"discoveredLabels": map[string]string{"__address__": t.pod.Instance, "__scheme__": "http", "__metrics_path__": "/metrics", "job": "ranker"},
		"labels":           own, "scrapePool": "ranker", "scrapeUrl": "http://" + t.pod.Instance + "/metrics",
		"globalUrl": "http://" + t.pod.Instance + "/metrics", "lastError": trouble, "lastScrape": t.scraped,
		"lastScrapeDuration": .006, "health": health, "scrapeInterval": span, "scrapeTimeout": span,
	}
}

// kinds says of each metric of the world what it counts.
func kinds() map[string][2]string {
	m := map[string][2]string{
		"http_request_duration_seconds": {"histogram", "Time to answer a request."},
		"http_request_latency_seconds":  {"histogram", "Time to answer a request, as a native histogram."},
		"model_score":                   {"histogram", "Score of the first item of a ranking."},
		"model_predictions_total":       {"counter", "Rankings computed."},
		"model_labels_total":            {"counter", "Outcomes that have become known, by outcome."},
		"model_label_logloss_sum":       {"counter", "Sum of the log loss over the outcomes."},
		"process_start_time_seconds":    {"gauge", "Start time of the process since unix epoch in seconds."},
		"process_resident_memory_bytes": {"gauge", "Resident memory size in bytes."},
		"build_info":                    {"gauge", "Version and model of the process."},
	}
	for _, f := range world.Features() {
		m["feature_"+f.Name] = [2]string{"histogram", "Values of the feature " + f.Name + "."}
		m["feature_"+f.Name+"_mean"] = [2]string{"gauge", "Recent mean of the feature " + f.Name + "."}
	}
	return m
}

// metadata answers /metadata.
func (s *Server) metadata(r *http.Request) (*outcome, *trouble) {
	data := map[string][]map[string]string{}
	want := r.FormValue("metric")
	for name, k := range kinds() {
		if want == "" || want == name {
			data[name] = []map[string]string{{"type": k[0], "help": k[1], "unit": ""}}
		}
	}
	return &outcome{data: data}, nil
}

func (s *Server) buildInfo(*http.Request) (*outcome, *trouble) {
	return &outcome{data: map[string]string{
		"version": version, "revision": "demo", "branch": "HEAD", "buildUser": "demo", "buildDate": "", "goVersion": "go1.26",
	}}, nil
}

func (s *Server) runtimeInfo(*http.Request) (*outcome, *trouble) {
	var began time.Time
	s.live.Do(func(w *world.World) { spec := w.Spec(); began = spec.Opens.Add(-spec.History) })
	return &outcome{data: map[string]any{
		"startTime": began, "CWD": "/", "hostname": "demo", "serverTime": s.live.Now().UTC(), "reloadConfigSuccess": true, "lastConfigTime": began,
		"corruptionCount": 0, "goroutineCount": 8, "GOMAXPROCS": 2, "GOMEMLIMIT": int64(1) << 40, "GOGC": "", "GODEBUG": "",
		"storageRetention": Retention.String(),
	}}, nil
}

func (s *Server) config(*http.Request) (*outcome, *trouble) {
	span := (time.Duration(s.scraper.interval) * time.Millisecond).String()
	return &outcome{data: map[string]string{"yaml": "global:\n  scrape_interval: " + span + "\nscrape_configs:\n- job_name: ranker\n"}}, nil
}

func (s *Server) flags(*http.Request) (*outcome, *trouble) {
	return &outcome{data: map[string]string{"query.lookback-delta": "5m", "storage.tsdb.retention.time": Retention.String()}}, nil
}

func (s *Server) tsdbStatus(*http.Request) (*outcome, *trouble) {
	h := s.store.head
	return &outcome{data: map[string]any{
		"headStats":               map[string]any{"numSeries": h.NumSeries(), "numLabelPairs": 0, "chunkCount": 0, "minTime": h.MinTime(), "maxTime": h.MaxTime()},
		"seriesCountByMetricName": []any{}, "labelValueCountByLabelName": []any{}, "memoryInBytesByLabelName": []any{},
		"seriesCountByLabelValuePair": []any{},
	}}, nil
}

func (s *Server) walReplay(*http.Request) (*outcome, *trouble) {
	return &outcome{data: map[string]int{"min": 0, "max": 0, "current": 0}}, nil
}

func (s *Server) alertmanagers(*http.Request) (*outcome, *trouble) {
	return &outcome{data: map[string]any{"activeAlertmanagers": []any{}, "droppedAlertmanagers": []any{}}}, nil
}

func (s *Server) exemplars(*http.Request) (*outcome, *trouble) {
	return &outcome{data: []any{}}, nil
}

func (s *Server) formatQuery(r *http.Request) (*outcome, *trouble) {
	e, err := s.parser.ParseExpr(r.FormValue("query"))
	if err != nil {
		return nil, invalid("query", err)
	}
	return &outcome{data: e.Pretty(0)}, nil
}
