package promserver

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"

	"rampart/sources/demo/fault"
	"rampart/sources/demo/world"
)

// Retention is how much of the world's time the store keeps.
const Retention = 4 * time.Hour

// Config is what a Server needs.
type Config struct {
	Dir      string        // for the head's empty chunk folder
	Interval time.Duration // between two scrapes of a pod
}

// Server is the demo's Prometheus.
type Server struct {
	Fault   fault.Switch
	store   *store
	scraper *scraper
	engine  *promql.Engine
	parser  parser.Parser
	live    *world.Live
	err     error // of the last scrape
}

// New makes a server without a past. Give Hook to world.Open and call Serve before the first request.
func New(c Config) (*Server, error) {
	st, err := openStore(c.Dir, Retention)
	if err != nil {
		return nil, err
	}
	s := &Server{store: st, scraper: newScraper(st, c.Interval), parser: parser.NewParser(parser.Options{})}
	s.engine = promql.NewEngine(promql.EngineOpts{
		Logger: slog.New(slog.DiscardHandler), MaxSamples: 5e6, Timeout: 20 * time.Second, LookbackDelta: 5 * time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true, Parser: s.parser,
	})
	return s, nil
}

// Hook lets the server scrape a world.
func (s *Server) Hook() world.Hook { return s.hook(s.scraper) }

// Beside lets it scrape one more world of another service, which lives second by second with the one that Hook was given
// for. The server's own pages (targets, alerts) speak of the first alone.
func (s *Server) Beside(w *world.World) world.Hook {
	scrape := s.hook(newScraper(s.store, time.Duration(s.scraper.interval)*time.Millisecond)).Before
	return world.Hook{Before: func(first *world.World) {
		if first.Now().Before(w.Now()) {
			return
		}
		scrape(w)
		w.Step()
	}}
}

func (s *Server) hook(sc *scraper) world.Hook {
	return world.Hook{Before: func(w *world.World) {
		if err := sc.scrape(w); err != nil {
			s.err = fmt.Errorf("scrape: %w", err)
		}
	}}
}

// Close gives the store's memory back.
func (s *Server) Close() error { return s.store.close() }

// Handler serves the API over a live world: every request lets the world catch up first, and every Date is the world's.
func (s *Server) Handler(live *world.Live) http.Handler {
	s.live = live
	mux := http.NewServeMux()
	for path, h := range map[string]endpoint{
		"query": s.query, "query_range": s.queryRange, "series": s.series, "labels": s.labelNames, "label/{name}/values": s.labelValues,
		"targets": s.targets, "metadata": s.metadata, "rules": s.rules, "alerts": s.alerts, "alertmanagers": s.alertmanagers,
		"format_query": s.formatQuery, "query_exemplars": s.exemplars, "status/buildinfo": s.buildInfo, "status/runtimeinfo": s.runtimeInfo,
		"status/config": s.config, "status/flags": s.flags, "status/tsdb": s.tsdbStatus, "status/walreplay": s.walReplay,
	} {
		mux.Handle("/api/v1/"+path, h)
	}
	mux.HandleFunc("/-/ready", say("Prometheus Server is Ready.\n"))
	mux.HandleFunc("/-/healthy", say("Prometheus Server is Healthy.\n"))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			http.NotFound(w, r)
			return
		}
		say("The demo's Prometheus: its API is under /api/v1, there is no page here.\n")(w, r)
	})
	return s.Fault.Wrap(s.inWorldTime(mux), faultBody)
}

// inWorldTime lets the world catch up and dates the answer by it.
func (s *Server) inWorldTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.live.Touch()
		w.Header().Set("Date", s.live.Now().UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}

func say(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
}
