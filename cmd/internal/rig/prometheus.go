package rig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"time"

	"rampart/sources/sourcetest/loopback"
)

// Target is one thing to scrape: its address, and the labels `pod` and `track` that every series of it gets.
type Target struct {
	Name, Addr, Track string
}

// Prometheus is a real Prometheus that scrapes every second, so that a minute of traffic gives sixty blocks.
type Prometheus struct {
	*Child
	URL     string
	program string
	args    []string
	dir     string
}

// StartPrometheus starts Prometheus over the targets; exporter is HAProxy's own, or empty.
func StartPrometheus(dir string, targets []Target, exporter string) (*Prometheus, error) {
	program, err := find("prometheus")
	if err != nil {
		return nil, err
	}
	ports, err := loopback.Ports(1)
	if err != nil {
		return nil, err
	}
	config, err := Render(dir, "prometheus.yml", struct {
		Targets  []Target
		Exporter string
	}{targets, exporter})
	if err != nil {
		return nil, err
	}
	p := &Prometheus{URL: "http://" + loopback.Addr(ports[0]), program: program, dir: dir}
	p.args = []string{
		"--config.file=" + config, "--storage.tsdb.path=" + filepath.Join(dir, "tsdb"), "--web.listen-address=" + loopback.Addr(ports[0]),
		"--storage.tsdb.retention.time=6h", "--log.level=warn",
	}
	return p, p.Start()
}

// Start starts the program, again after a Stop: the samples of before are still there.
func (p *Prometheus) Start() error {
	child, err := startChild(p.dir, "prometheus", p.program, p.args...)
	if err != nil {
		return err
	}
	p.Child = child
	return p.ready(20*time.Second, func() error {
		_, err := p.Query("vector(1)")
		return err
	})
}

// Query evaluates the expression now and returns the first sample's value; no sample is an error.
func (p *Prometheus) Query(expr string) (float64, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.URL+"/api/v1/query?query="+url.QueryEscape(expr), nil)
	if err != nil {
		return 0, fmt.Errorf("query prometheus: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("query prometheus: %w", err)
	}
	defer resp.Body.Close()
	var answer struct {
		Error string
		Data  struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return 0, fmt.Errorf("query prometheus: status %d: %w", resp.StatusCode, err)
	}
	if answer.Error != "" {
		return 0, errors.New("query prometheus: " + answer.Error)
	}
	if len(answer.Data.Result) == 0 {
		return 0, errors.New("query prometheus: no sample for " + expr)
	}
	text, _ := answer.Data.Result[0].Value[1].(string)
	return strconv.ParseFloat(text, 64)
}
