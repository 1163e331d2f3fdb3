package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rampart/sources/sourcetest/loopback"
)

// Elasticsearch is a real node, put together by .ci/install.
type Elasticsearch struct {
	*Child
	URL  string
	home string
	dir  string
	port int
}

// StartElasticsearch starts a node with its data under dir and returns when it answers.
func StartElasticsearch(dir string) (*Elasticsearch, error) {
	home, err := elasticHome()
	if err != nil {
		return nil, err
	}
	ports, err := loopback.Ports(1)
	if err != nil {
		return nil, err
	}
	e := &Elasticsearch{URL: "http://" + loopback.Addr(ports[0]), home: home, dir: dir, port: ports[0]}
	return e, e.Start()
}

// elasticHome finds the newest assembled node in the cache.
func elasticHome() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find elasticsearch: %w", err)
	}
	stamps, err := filepath.Glob(filepath.Join(cache, "rampart", "elasticsearch-*", "stamp"))
	if err != nil || len(stamps) == 0 {
		return "", &Missing{Program: "elasticsearch", Why: "not in " + filepath.Join(cache, "rampart") + "; .ci/install assembles it"}
	}
	return filepath.Dir(stamps[len(stamps)-1]), nil
}

// Start starts the node, again after a Stop: the documents of before are still there.
func (e *Elasticsearch) Start() error {
	java, err := find("java")
	if err != nil {
		return err
	}
	classes := filepath.Join(e.home, "classes") + ":" + filepath.Join(e.home, "lib", "*")
	e.Child, err = startChild(e.dir, "elasticsearch", java, "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes,
		"Launcher", e.home, filepath.Join(e.dir, "elasticsearch"), fmt.Sprint(e.port))
	if err != nil {
		return err
	}
	return e.ready(60*time.Second, func() error {
		answer, err := e.Do(http.MethodGet, "/_cluster/health", "")
		if err == nil && !strings.Contains(answer, `"status":"green"`) && !strings.Contains(answer, `"status":"yellow"`) {
			err = errors.New("cluster: " + answer)
		}
		return err
	})
}

// Do sends one request to the node and returns the body; a status of 300 or more is an error that carries it.
func (e *Elasticsearch) Do(method, path, body string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, e.URL+path, strings.NewReader(body))
	if err != nil {
		return "", fmt.Errorf("ask elasticsearch: %w", err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
		if strings.HasSuffix(path, "_bulk") {
			req.Header.Set("Content-Type", "application/x-ndjson")
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("ask elasticsearch: %w", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", fmt.Errorf("ask elasticsearch: %w", err)
	}
	if resp.StatusCode >= 300 {
		return "", fmt.Errorf("ask elasticsearch: %s %s: status %d: %s", method, path, resp.StatusCode, bytes.TrimSpace(text))
	}
	return string(text), nil
}

// Count refreshes the index pattern and returns how many documents match the query string; the empty query matches all.
func (e *Elasticsearch) Count(index, query string) (int, error) {
	if _, err := e.Do(http.MethodPost, "/"+index+"/_refresh", ""); err != nil {
		return 0, err
	}
	body := "{}"
	if query != "" {
		quoted, err := json.Marshal(query)
		if err != nil {
			return 0, fmt.Errorf("count: %w", err)
		}
		body = fmt.Sprintf(`{"query":{"query_string":{"query":%s}}}`, quoted)
	}
	answer, err := e.Do(http.MethodPost, "/"+index+"/_count", body)
	if err != nil {
		return 0, err
	}
	var count struct{ Count int }
	if err := json.Unmarshal([]byte(answer), &count); err != nil {
		return 0, fmt.Errorf("count: %w", err)
	}
	return count.Count, nil
}
