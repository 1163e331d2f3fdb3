package elasticserver

import (
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rampart/sources/demo/fault"
	"rampart/sources/demo/world"
)

// The data stream of the world's lines and the index behind it.
const (
	Stream   = "logs-ranker-prod"
	backing  = ".ds-logs-ranker-prod-2026.11.01-000001"
	version  = "8.19.0"
	capacity = 120_000 // documents kept, about an hour and a half of the demo's log
)

// Config is what a Server needs; its zero value is an open server.
type Config struct {
	// APIKey, when given, is asked for as "Authorization: ApiKey ...".
	APIKey string
	// ReadOnly lets the key read the indexes and nothing else: no cluster calls, no writes.
	ReadOnly bool
	// Refresh is how long after ingestion a line may stay unseen; one second when not given.
	Refresh time.Duration
	// Capacity is the number of documents kept; the default holds the demo's history.
	Capacity int
}

// Server is the demo's Elasticsearch.
type Server struct {
	Fault   fault.Switch
	Partial atomic.Bool // one of two shards fails in every search
	config  Config
	store   *store
	lines   *index
	live    *world.Live
	mu      sync.Mutex
	pits    map[string]*pit
	opened  uint64
}

// New makes a server without a past. Give Hook to world.Open and Handler to a listener.
func New(c Config) *Server {
	if c.Refresh <= 0 {
		c.Refresh = time.Second
	}
	if c.Capacity <= 0 {
		c.Capacity = capacity
	}
	s := &Server{config: c, store: newStore(c.Capacity, c.Refresh.Milliseconds()), pits: map[string]*pit{}}
	s.lines = s.store.lineIndex(backing, Stream)
	return s
}

// Hook lets the server take in what a world writes.
func (s *Server) Hook() world.Hook {
	return world.Hook{After: func(w *world.World) { s.store.lines(s.lines, w.Lines()) }}
}

// call is one request with what the handlers need of it.
type call struct {
	*http.Request
	now   time.Time
	index string
}

// handler answers one path; needs says which privilege the key must have.
type handler struct {
	needs string // read, write, cluster
	serve func(*call) (any, *trouble)
}

// Handler serves the API over a live world.
func (s *Server) Handler(live *world.Live) http.Handler {
	s.live = live
	mux := http.NewServeMux()
	search, msearch, count, caps := handler{"read", s.search}, handler{"read", s.msearch}, handler{"read", s.count}, handler{"read", s.fieldCaps}
	for _, verb := range []string{"GET ", "POST "} {
		for path, h := range map[string]handler{"_search": search, "_msearch": msearch, "_count": count, "_field_caps": caps} {
			s.mount(mux, verb+"/"+path, h)
			s.mount(mux, verb+"/{index}/"+path, h)
		}
	}
	for pattern, h := range map[string]handler{
		"POST /{index}/_pit": {"read", s.openPIT}, "DELETE /_pit": {"read", s.closePIT},
		"GET /_resolve/index/{index}": {"read", s.resolveIndex}, "GET /_resolve/cluster/{index}": {"read", s.resolveCluster}, "GET /{index}/_mapping": {"read", s.mapping},
		"POST /_bulk": {"write", s.bulk}, "PUT /_bulk": {"write", s.bulk}, "POST /{index}/_bulk": {"write", s.bulk}, "PUT /{index}/_bulk": {"write", s.bulk},
		"POST /{index}/_refresh": {"write", s.refresh}, "GET /_cluster/health": {"cluster", s.health}, "GET /_security/_authenticate": {"read", s.whoAmI},
		"GET /{$}": {"cluster", s.info},
	} {
		s.mount(mux, pattern, h)
	}
	mux.Handle("/", handlerFunc(s, handler{"read", func(c *call) (any, *trouble) {
		return nil, bad("illegal_argument_exception", "no handler found for uri [%s] and method [%s]", c.URL.Path, c.Method)
	}}))
	return s.Fault.Wrap(s.inWorldTime(mux), faultBody)
}

func (s *Server) mount(mux *http.ServeMux, pattern string, h handler) {
	mux.Handle(pattern, handlerFunc(s, h))
}

// inWorldTime lets the world catch up and says what product this is. The real server sends no Date, so neither does this one.
func (s *Server) inWorldTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.live.Touch()
		w.Header()["Date"] = nil
		w.Header().Set("X-Elastic-Product", "Elasticsearch")
		if strings.Contains(r.Header.Get("Accept"), "application/vnd.elasticsearch+json") {
			w.Header().Set("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
		}
		next.ServeHTTP(w, r)
	})
}

func handlerFunc(s *Server, h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if t := s.allowed(r, h.needs); t != nil {
			if t.status == http.StatusUnauthorized {
				w.Header().Add("WWW-Authenticate", `Basic realm="security" charset="UTF-8"`)
				w.Header().Add("WWW-Authenticate", "ApiKey")
			}
			send(w, t.status, t.body())
			return
		}
		out, t := h.serve(&call{r, s.live.Now(), r.PathValue("index")})
		if t != nil {
			send(w, t.status, t.body())
			return
		}
		if paths := r.URL.Query().Get("filter_path"); paths != "" {
			out = pruned(out, strings.Split(paths, ","))
		}
		send(w, http.StatusOK, out)
	})
}

// allowed checks the key and what it may do.
func (s *Server) allowed(r *http.Request, needs string) *trouble {
	if s.config.APIKey == "" {
		return nil
	}
	scheme, given, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	ok = ok && strings.EqualFold(scheme, "ApiKey") // the client says APIKey
	switch {
	case !ok:
		return denied(http.StatusUnauthorized, "missing authentication credentials for REST request ["+r.URL.Path+"]")
	case given != s.config.APIKey:
		return denied(http.StatusUnauthorized, "unable to authenticate with provided credentials and anonymous access is not allowed for this request")
	case s.config.ReadOnly && needs == "cluster":
		return denied(http.StatusForbidden, "action [cluster:monitor/main] is unauthorized for API key id [demo] of user [demo], "+
			"this action is granted by the cluster privileges [monitor,manage,all]")
	case s.config.ReadOnly && needs == "write":
		return denied(http.StatusForbidden, "action [indices:data/write/bulk[s]] is unauthorized for API key id [demo] of user [demo] on indices ["+Stream+"], "+
			"this action is granted by the index privileges [create_doc,create,index,write,all]")
	}
	return nil
}
