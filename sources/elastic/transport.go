package elastic

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"

	"github.com/elastic/elastic-transport-go/v8/elastictransport"

	"rampart/sources/road"
)

// transport is the one way to the nodes; a page for people is no answer of theirs.
type transport struct{ *road.Carrier }

// newTransport builds the way of a config.
func newTransport(c Config, nodes []*url.URL) (*transport, error) {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, errors.New("elasticsearch: the program's default transport was replaced")
	}
	t := base.Clone()
	t.MaxIdleConnsPerHost, t.DialContext = inFlight, road.Dial
	conf, err := c.TLS.TLS()
	if err != nil {
		return nil, fmt.Errorf("elasticsearch %w", err)
	}
	t.TLSClientConfig = conf
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return nil, errors.New("elasticsearch proxy: not a url")
		}
		t.Proxy = http.ProxyURL(proxy)
	}
	way := &road.Carrier{
		Next: t, Hosts: nodes, Who: road.Identity{APIKey: c.APIKey, Bearer: c.Bearer, Basic: c.Basic, Headers: c.Headers},
		Header: map[string]string{"X-Opaque-Id": "rampart"}, // an administrator sees in tasks and slow logs who asks
	}
	// Packing costs a server of this machine more than moving.
	t.DisableCompression = slices.ContainsFunc(nodes, road.Loopback)
	return &transport{way}, nil
}

// RoundTrip sends a request and refuses a page for people.
func (r *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.Carrier.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode/100 == 2 && road.HTML(resp.Header) {
		road.Discard(resp.Body)
		return nil, errHTML
	}
	return resp, nil
}

// errStranger is what answers like Elasticsearch and does not say that it is one.
var errStranger = errors.New("this is not Elasticsearch: its answer has no X-Elastic-Product header")

// client sends the requests of esapi to the nodes, and knows an Elasticsearch by its first good answer.
type client struct {
	nodes   *elastictransport.Client
	genuine atomic.Bool
}

// newClient builds the client of a config's nodes.
func newClient(c Config, nodes []*url.URL) (*client, error) {
	way, err := newTransport(c, nodes)
	if err != nil {
		return nil, err
	}
	options := []elastictransport.Option{
		elastictransport.WithURLs(nodes...), elastictransport.WithTransport(way), elastictransport.WithUserAgent("rampart"),
	}
	if len(nodes) == 1 { // the same one is asked again by our own Backoff
		options = append(options, elastictransport.WithDisableRetry())
	} else { // another node may do better than the one that failed
		options = append(options, elastictransport.WithMaxRetries(len(nodes)-1))
	}
	tp, err := elastictransport.NewClient(options...)
	if err != nil {
		return nil, fmt.Errorf("elasticsearch: %w", err)
	}
	return &client{nodes: tp}, nil
}

// Perform sends a request to one node after the other until one answers.
func (c *client) Perform(req *http.Request) (*http.Response, error) {
	resp, err := c.nodes.Perform(req)
	if err != nil || resp.StatusCode/100 != 2 || c.genuine.Load() {
		return resp, err
	}
	if resp.Header.Get("X-Elastic-Product") != "Elasticsearch" {
		_ = resp.Body.Close() // unread: whoever it is may never end
		return nil, errStranger
	}
	c.genuine.Store(true)
	return resp, nil
}
