package elastic

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
	"rampart/sources/road"
)

// inFlight is how many requests one Source has under way at most: a console must not be the load it looks for.
const inFlight = 4

// Source is the lines of one service in an Elasticsearch.
type Source struct {
	cfg     Config
	target  string // what errors call it
	client  *client
	gate    chan struct{}
	words   words
	cluster *Cluster // whom it asks together with; nil: nobody
	copies  string   // keeps all our requests on the same copies of the shards, so that no answer is older than the one before

	mu    sync.Mutex // guards what was learnt of the server
	learn learnt
}

// learnt is what a Source knows of its server; all of it can be learnt again.
type learnt struct {
	fields    *mapping      // which fields there are, and of what type
	fieldsAt  time.Time     //
	skew      time.Duration // its clock minus ours
	skewAt    time.Time     // zero: not known
	size      int           // hits to ask for at a time
	noDraw    bool          // it cannot draw a sample itself
	askFields bool          // the arm stands in no document: it must be asked for as a field
	who       sources.Text  // what Check was told
	version   sources.Text
	cut       map[string]cut // how fields are cut into words; never changed, only replaced
}

// cut is how a field is cut into words, and when that was seen.
type cut struct {
	well bool // words are kept as they are written
	at   time.Time
}

var _ sources.Logs = (*Source)(nil)

// New makes a source of a config. It asks nothing of the server.
func New(c Config) (*Source, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	c = c.filled()
	nodes, err := c.nodes()
	if err != nil {
		return nil, err
	}
	client, err := newClient(c, nodes)
	if err != nil {
		return nil, err
	}
	var shown []string
	for _, u := range nodes {
		shown = append(shown, u.String())
	}
	return &Source{
		cfg: c, target: strings.Join(shown, ","), client: client, gate: make(chan struct{}, inFlight), words: newWords(),
		copies: fmt.Sprintf("rampart-%06x", int(c.Rand()*(1<<24))), learn: learnt{size: firstSize},
	}, nil
}

// do sends one request with its own deadline, which the time of waiting for a free place does not eat, and hands a good
// answer's body to read.
func (s *Source) do(ctx context.Context, op string, req esapi.Request, read func(io.Reader, *esapi.Response) error) error {
	select {
	case s.gate <- struct{}{}:
		defer func() { <-s.gate }()
	case <-ctx.Done():
		return s.fault(op, ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	res, err := req.Do(ctx, s.client)
	if err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return s.fault(op, err)
	}
	defer road.Discard(res.Body)
	if res.IsError() {
		return s.fault(op, statusFault(res))
	}
	if err := read(res.Body, res); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err() // a body that was cut off by our own deadline is no fault of its form
		}
		return s.fault(op, err)
	}
	return nil
}

// know reads what was learnt.
func (s *Source) know() learnt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.learn
}

// note keeps what was learnt.
func (s *Source) note(f func(*learnt)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.learn)
}

// now is the server's time as far as it is known.
func (s *Source) now() time.Time { return s.cfg.Now().Add(s.know().skew) }

// index is the pattern as the API takes it, without indices whose time is no date: one of them would fail every search
// that sorts by time. Exclusions are only understood after a wildcard.
func (s *Source) index(m *mapping) []string {
	out := strings.Split(s.cfg.Index, ",")
	if m == nil || !strings.Contains(s.cfg.Index, "*") {
		return out
	}
	for _, name := range m.timeless {
		out = append(out, "-"+name)
	}
	return out
}

// identity is what a line is remembered by. At 2^20 lines held, two of them share it with a chance of 3e-8.
func identity(index, id string) uint64 {
	h := fnv.New64a()
	_, _ = io.WriteString(h, index)
	_, _ = h.Write([]byte{0})
	_, _ = io.WriteString(h, id)
	return h.Sum64()
}
