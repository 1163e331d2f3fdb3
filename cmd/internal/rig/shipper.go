package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Stream is the data stream that the log lines go to; Pattern matches it.
const (
	Stream  = "logs-ranker-prod"
	Pattern = "logs-ranker-*"
)

// Line is one log line in ECS names. ID makes a second shipping of the same line harmless.
type Line struct {
	ID      string
	At      time.Time
	Level   string
	Message string
	Track   string
	Version string
	Host    string
	Path    string
	Status  int
	Took    time.Duration
}

func (l Line) document() map[string]any {
	return map[string]any{
		"@timestamp": l.At.UTC().Format("2006-01-02T15:04:05.000Z"), "message": l.Message,
		"log": map[string]any{"level": l.Level}, "service": map[string]any{"name": "ranker", "version": l.Version},
		"labels": map[string]any{"app": "ranker", "track": l.Track}, "host": map[string]any{"name": l.Host}, "url": map[string]any{"path": l.Path},
		"http": map[string]any{"response": map[string]any{"status_code": l.Status}}, "event": map[string]any{"duration": l.Took.Nanoseconds()},
	}
}

// Shipper sends the lines it is given to Elasticsearch by _bulk, once a second. Lines that could not be sent stay and go with the next batch.
type Shipper struct {
	node *Elasticsearch
	quit context.CancelFunc
	done chan struct{}

	mu      sync.Mutex
	waiting []Line
	shipped int
	failure error
}

// StartShipper gives the data stream ECS types and a refresh each second, as a log cluster has, and begins to ship.
func StartShipper(node *Elasticsearch) (*Shipper, error) {
	root, err := Root()
	if err != nil {
		return nil, err
	}
	mapping, err := os.ReadFile(filepath.Join(root, "testdata", "rig", "logs.json"))
	if err != nil {
		return nil, fmt.Errorf("start shipper: %w", err)
	}
	if _, err := node.Do(http.MethodPut, "/_index_template/ranker", string(mapping)); err != nil {
		return nil, fmt.Errorf("start shipper: %w", err)
	}
	ctx, quit := context.WithCancel(context.Background())
	s := &Shipper{node: node, quit: quit, done: make(chan struct{})}
	go s.run(ctx)
	return s, nil
}

// Add hands over one line. A nil shipper takes nothing: logs are a part that can be left out.
func (s *Shipper) Add(l Line) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting = append(s.waiting, l)
}

// Shipped is the number of lines that Elasticsearch has taken.
func (s *Shipper) Shipped() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shipped
}

// Stop ships what waits, if the node still takes it, and ends.
func (s *Shipper) Stop() {
	s.quit()
	<-s.done
}

// Waiting is the number of lines not taken yet, and why the last batch was not.
func (s *Shipper) Waiting() (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting), s.failure
}

func (s *Shipper) run(ctx context.Context) {
	defer close(s.done)
	beat := time.NewTicker(time.Second)
	defer beat.Stop()
	for {
		s.flush()
		select {
		case <-ctx.Done():
			s.flush()
			return
		case <-beat.C:
		}
	}
}

// flush sends everything that waits in one batch and takes it off when the node took all of it.
func (s *Shipper) flush() {
	s.mu.Lock()
	batch := slices.Clone(s.waiting)
	s.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	err := s.send(batch)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure = err
	if err == nil {
		s.waiting = slices.Delete(s.waiting, 0, len(batch))
		s.shipped += len(batch)
	}
}

func (s *Shipper) send(batch []Line) error {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	for _, l := range batch {
		if err := enc.Encode(map[string]any{"create": map[string]any{"_id": l.ID}}); err != nil {
			return fmt.Errorf("encode: %w", err)
		}
		if err := enc.Encode(l.document()); err != nil {
			return fmt.Errorf("encode: %w", err)
		}
	}
	answer, err := s.node.Do(http.MethodPost, "/"+Stream+"/_bulk", body.String())
	if err != nil {
		return err
	}
	var items struct {
		Items []struct{ Create struct{ Status int } }
	}
	if err := json.Unmarshal([]byte(answer), &items); err != nil {
		return fmt.Errorf("read _bulk answer: %w", err)
	}
	for _, item := range items.Items {
		if c := item.Create.Status; c != http.StatusCreated && c != http.StatusConflict {
			return fmt.Errorf("_bulk: a line was refused with status %d", c)
		}
	}
	return nil
}
