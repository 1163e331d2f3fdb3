package promserver

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
)

// store is the TSDB in memory: a head without a write-ahead log, cut off at the retention.
type store struct {
	head      *tsdb.Head
	retention time.Duration
	cut       int64 // next truncation, ms
}

// openStore makes an empty store; dir is needed by the head for chunks that it never writes.
func openStore(dir string, retention time.Duration) (*store, error) {
	o := tsdb.DefaultHeadOptions()
	o.ChunkDirRoot, o.StripeSize = dir, 512
	o.ChunkRange = time.Hour.Milliseconds()
	h, err := tsdb.NewHead(nil, slog.New(slog.DiscardHandler), nil, nil, o, tsdb.NewHeadStats())
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	if err := h.Init(0); err != nil {
		return nil, fmt.Errorf("open store %s: %w", dir, err)
	}
	return &store{head: h, retention: retention}, nil
}

// Querier reads a span of time; the head is the only block.
func (s *store) Querier(mint, maxt int64) (storage.Querier, error) {
	mint = max(mint, s.head.MinTime())
	maxt = min(maxt, s.head.MaxTime())
	if mint > maxt {
		return storage.NoopQuerier(), nil
	}
	return tsdb.NewBlockQuerier(tsdb.NewRangeHead(s.head, mint, maxt), mint, maxt)
}

// forget drops what is older than the retention, every quarter of an hour of the world's time.
func (s *store) forget(now int64) error {
	if now < s.cut {
		return nil
	}
	s.cut = now + (15 * time.Minute).Milliseconds()
	return s.head.Truncate(now - s.retention.Milliseconds())
}

func (s *store) appender() storage.Appender { return s.head.Appender(context.Background()) }

func (s *store) close() error { return s.head.Close() }

// ref is what the store remembers of one series.
type ref struct {
	id     storage.SeriesRef
	labels labels.Labels
	seen   uint64 // number of the scrape that last had it
}
