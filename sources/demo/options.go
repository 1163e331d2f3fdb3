package demo

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"rampart/sources/demo/world"
)

// Options say which world to open and where.
type Options struct {
	Scenario  string           // by name; the world file's, or healthy, when empty
	Speed     float64          // seconds of the world per second of the wall; 1 when 0
	WorldFile string           // a world in YAML; the default one when empty
	Seed      uint64           // of all chance; the file's when 0
	Dir       string           // for the socket; a new temporary folder, removed by Close, when empty
	Listen    string           // host and first port for Prometheus, the next two for Elasticsearch and HAProxy; 127.0.0.1 and free ports when empty
	Wall      func() time.Time // the wall's clock; time.Now when nil
}

// fastest is the highest speed: beyond it a scrape interval passes within one beat of the world.
const fastest = 600

// spec makes the world's description: the file over the defaults, the options over the file.
func (o *Options) spec() (world.Spec, error) {
	spec := world.Default()
	if o.WorldFile != "" {
		data, err := os.ReadFile(o.WorldFile)
		if err != nil {
			return spec, fmt.Errorf("read world file: %w", err)
		}
		if spec, err = world.Parse(o.WorldFile, data); err != nil {
			return spec, err
		}
	}
	if o.Scenario != "" {
		spec.Scenario = o.Scenario
	}
	if spec.Scenario == shadow && o.WorldFile == "" {
		spec.Timeline = []world.Event{{At: -spec.History, Deploy: &world.Deploy{Track: "canary"}}}
	}
	if o.Seed != 0 {
		spec.Seed = o.Seed
	}
	if spec.Opens.IsZero() {
		spec.Opens = o.Wall()
	}
	if o.Speed < 0 || o.Speed > fastest {
		return spec, fmt.Errorf("demo speed %v: want a number above 0 and at most %d", o.Speed, fastest)
	}
	return spec, nil
}

// withDefaults fills in what was left out.
func (o Options) withDefaults() Options {
	if o.Wall == nil {
		o.Wall = time.Now
	}
	if o.Speed == 0 {
		o.Speed = 1
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	return o
}

// address gives the n-th address from the one to listen on.
func (o *Options) address(n int) (string, error) {
	host, text, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return "", fmt.Errorf("listen %s: %w", o.Listen, err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return "", fmt.Errorf("listen %s: port is not a number", o.Listen)
	}
	if port != 0 {
		port += n
	}
	return net.JoinHostPort(host, strconv.Itoa(port)), nil
}
