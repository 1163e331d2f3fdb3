package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"rampart/sources"
	"rampart/sources/group"
)

// How much is asked by one request of several services. Where it is more, several are asked.
const (
	// mostTogether is how many searches: the cluster takes them up a few at a time, and the first waits for the last.
	mostTogether = 100
	// mostExpected is how many hits they are expected to bring.
	mostExpected = mostSize
)

// How long searches wait for others. Services in step come within milliseconds, on a busy machine within tens of them.
const (
	sharedLull     = 50 * time.Millisecond
	sharedPatience = time.Second
)

// aloneFor is how long nothing is asked together after a cluster, or what stands before it, refused that.
const aloneFor = 10 * time.Minute

// Cluster is an Elasticsearch that several services of one process read: their searches of the same moment over the same
// index pattern are one request (_msearch), and so are what is asked of its fields and its clock. It is safe for many
// goroutines.
//
// Every search keeps its own filters, hits, shards and failure, and is answered as if it had been asked alone: a tail that is
// read so loses nothing and repeats nothing. What becomes of the request as a whole (the way there, its deadline, the
// cluster's 429) becomes of all its searches. It needs the privilege read on the pattern, as a search does (seen with a user who
// has no other, Elasticsearch 8.19.21); an index that it may not read fails the search for it alone, with 403.
//
// Why not one aggregation for the counts of all: its buckets are services times steps times arms times levels, which a
// cluster bounds for all together, and a shard that fails one service's part fails everybody's.
type Cluster struct {
	mu      sync.Mutex
	first   *Source        // the one whose connections all use
	members map[string]int // by index pattern
	alone   time.Time      // until then nothing is asked together

	searches *group.Table[searching, portion, struct{}]
	facts    *group.Table[asking, learnt, struct{}]
}

// NewCluster is for sources that were made for the same cluster, with the same credentials.
func NewCluster() *Cluster { return newCluster(sharedLull, sharedPatience) }

func newCluster(lull, patience time.Duration) *Cluster {
	c := &Cluster{members: map[string]int{}}
	c.searches = group.New(group.Config[searching, portion, struct{}]{
		Ask: c.ask, Weight: searching.weight, TooMuch: tooMuch, Lull: lull, Patience: patience,
	})
	c.facts = group.New(group.Config[asking, learnt, struct{}]{
		Ask: firstAsks, Weight: func(asking) float64 { return 1e-6 }, TooMuch: func(error) (bool, bool) { return false, false },
		Lull: lull, Patience: patience,
	})
	return c
}

// Join lets a source ask together with the others, over the same connections, until leave is called. It comes before the
// source's first use. Whoever joins is waited for: a service that is not read any more must leave.
func (c *Cluster) Join(s *Source) (leave func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.first == nil {
		c.first = s
	}
	s.client, s.gate, s.copies, s.cluster = c.first.client, c.first.gate, c.first.copies, c
	c.members[s.cfg.Index]++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.members[s.cfg.Index]--
	})
}

// company is how many ask about an index pattern together; less than two ask alone.
func (c *Cluster) company(s *Source) int {
	if c == nil {
		return 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if s.cfg.Now().Before(c.alone) {
		return 0
	}
	return c.members[s.cfg.Index]
}

// searching is one search that may be asked with others.
type searching struct {
	s      *Source
	index  []string
	body   []byte
	expect int // hits
}

// weight is the part of a full request that a search takes.
func (q searching) weight() float64 {
	return max(1.0/mostTogether, float64(q.expect)/min(mostExpected, float64(q.s.know().size)))
}

// portion is a part of the answer to one search: a hit, good until the next one, or none at its end.
type portion struct {
	of  *answer
	hit *hit
}

// errAlone says that each must ask for itself.
var errAlone = errors.New("what is asked together is refused")

// together asks a search with others of the same moment; where there are none it is asked alone.
func (s *Source) together(ctx context.Context, op string, m *mapping, body dsl, expect int, each func(*hit) error) (answer, error) {
	all := s.cluster.company(s)
	if all < 2 {
		return s.search(ctx, op, m, body, each)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, s.fault(op, err)
	}
	q := searching{s: s, index: s.index(m), body: raw, expect: expect}
	var a answer
	var stopped error
	ended := false
	_, err = s.cluster.searches.Ask(ctx, strings.Join(q.index, ","), all, q, func(p portion) error {
		hits := a.Hits
		if a = *p.of; p.hit == nil {
			ended = true
			return nil
		}
		if a.Hits, stopped = hits, each(p.hit); stopped == nil {
			a.Hits++
		}
		return stopped
	})
	switch {
	case stopped != nil:
		return a, stopped
	case ended: // whatever became of the others
		err = a.fault()
	case errors.Is(err, errAlone):
		return s.search(ctx, op, m, body, each)
	}
	if err != nil {
		return answer{}, s.fault(op, err)
	}
	return a, nil
}

// asking learns something of a cluster that is the same for all who ask it with the same words.
type asking func(ctx context.Context) (learnt, error)

// learnTogether asks once for all who want to know the same at the same moment.
func (s *Source) learnTogether(ctx context.Context, what string, ask asking) (out learnt, err error) {
	all := s.cluster.company(s)
	if all < 2 {
		return ask(ctx)
	}
	_, err = s.cluster.facts.Ask(ctx, what, all, ask, func(l learnt) error {
		out = l
		return nil
	})
	if err != nil {
		err = s.fault("learn", err)
	}
	return out, err
}

// firstAsks has the first ask, and gives all of them what it learnt.
func firstAsks(ctx context.Context, qs []asking, give func(i int, l learnt)) (struct{}, error) {
	l, err := qs[0](ctx)
	if err == nil {
		for i := range qs {
			give(i, l)
		}
	}
	return struct{}{}, err
}

// ask sends searches over one pattern as one request.
func (c *Cluster) ask(ctx context.Context, qs []searching, give func(i int, p portion)) (struct{}, error) {
	s := qs[0].s
	if len(qs) == 1 {
		return struct{}{}, errAlone
	}
	var body bytes.Buffer
	for _, q := range qs {
		body.WriteString(`{"preference":"` + s.copies + `"}` + "\n")
		body.Write(q.body)
		body.WriteByte('\n')
	}
	err := s.do(ctx, "", esapi.MsearchRequest{Index: qs[0].index, Body: &body}, func(r io.Reader, _ *esapi.Response) error {
		return readAnswers(r, len(qs), s.cfg.Answer, give)
	})
	if refused(err) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.alone = s.cfg.Now().Add(aloneFor)
		return struct{}{}, errAlone
	}
	return struct{}{}, err
}

// refused tells whether searches may be answered one by one although they were not together: by an older cluster, by a
// gateway that lets nothing else pass, or by a key that may not. Asked alone, each says what is wrong if it still is.
func refused(err error) bool {
	return errors.Is(err, sources.ErrDenied) || errors.Is(err, sources.ErrInvalid) || errors.Is(err, sources.ErrNoData) || errors.Is(err, sources.ErrUnsupported)
}

// tooMuch tells whether a cluster may answer fewer searches. One that took too long is not asked twice in the same breath.
func tooMuch(err error) (smaller, again bool) { return errors.Is(err, context.DeadlineExceeded), false }
