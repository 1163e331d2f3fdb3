package engine

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/plane/haproxy"
)

// balancer is a HAProxy of any number of backends, with three servers of legacy and one of the candidate each.
type balancer struct {
	path        string
	connections atomic.Int64
}

func newBalancer(b *testing.B) *balancer {
	h := &balancer{path: filepath.Join(b.TempDir(), "s")}
	ln, err := net.Listen("unix", h.path)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			h.connections.Add(1)
			go serveRuntime(c)
		}
	}()
	return h
}

// serveRuntime answers one line as the runtime API does.
func serveRuntime(c net.Conn) {
	defer c.Close()
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return
	}
	w := bufio.NewWriter(c)
	defer w.Flush()
	for cmd := range strings.SplitSeq(strings.TrimSpace(line), ";") {
		f := strings.Fields(cmd)
		switch {
		case len(f) == 5 && f[1] == "stat":
			fmt.Fprintln(w, "# pxname,svname,stot,econ,eresp,wretr,wredis,status,weight,bck,hrsp_5xx,agent_status,last_chk,cookie,algo,")
			for i := range 4 {
				fmt.Fprintf(w, "%s,%s,1000,0,0,0,0,UP,%d,0,3,,\"ok\",,,\n", f[2], serverName(i), 90/(1+i/3*29))
			}
			fmt.Fprintf(w, "%s,BACKEND,0,0,0,0,0,UP,0,0,0,,,,roundrobin,\n\n", f[2])
		case len(f) == 4:
			fmt.Fprint(w, "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_port\n")
			for i := range 4 {
				fmt.Fprintf(w, "3 %s %d %s 127.0.0.1 2 0 %d %d 8000\n", f[3], i, serverName(i), 90/(1+i/3*29), 90/(1+i/3*29))
			}
			fmt.Fprintln(w)
		default:
			fmt.Fprint(w, "Name: HAProxy\nVersion: 2.6.12\nPid: 7\nUptime_sec: 3\nStart_time_sec: 1000\n\n")
		}
	}
}

func serverName(i int) string { return []string{"stable-0", "stable-1", "stable-2", "canary-0"}[i] }

// plane is a service's backend behind the balancer.
func (h *balancer) plane(b *testing.B, app string, now func() time.Time) *haproxy.Plane {
	p, err := haproxy.New(haproxy.Config{
		Sockets: []string{"unix://" + h.path}, Backend: app, Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, now)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// lines answers for an Elasticsearch into which each service writes a line of each arm every few seconds, each an error or a
// request of three kinds. All it says follows from the time alone.
type lines struct {
	now      func() time.Time
	requests atomic.Int64
}

var (
	linesFrom = regexp.MustCompile(`"@timestamp":\{"format":"epoch_millis","gte":(\d+)(?:,"lt":(\d+))?\}`)
	linesApp  = regexp.MustCompile(`"service.name":"(ranker-\d+)"`)
	linesStep = regexp.MustCompile(`"fixed_interval":"(\d+)ms"`)
)

// every is how many seconds lie between two lines of an arm.
const every = 5

// ServeHTTP answers what a tail and its counts ask, and nothing else.
func (l *lines) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.requests.Add(1)
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	w.Header().Set("Content-Type", "application/json")
	raw, _ := io.ReadAll(r.Body)
	switch {
	case strings.HasSuffix(r.URL.Path, "/_field_caps"):
		fmt.Fprint(w, `{"indices":["logs-1"],"fields":{`)
		for i, f := range []string{"service.name", "log.level", "labels.track"} {
			fmt.Fprintf(w, `%s%q:{"keyword":{"aggregatable":true}}`, strings.Repeat(",", min(i, 1)), f)
		}
		fmt.Fprint(w, `,"@timestamp":{"date":{"aggregatable":true}},"message":{"text":{}}}}`)
	case strings.HasSuffix(r.URL.Path, "/_msearch"):
		fmt.Fprint(w, `{"took":1,"responses":[`)
		all := bytes.Split(bytes.TrimSuffix(raw, []byte("\n")), []byte("\n"))
		for i := 1; i < len(all); i += 2 {
			fmt.Fprint(w, strings.Repeat(",", min(i-1, 1)))
			l.search(w, string(all[i]), `,"status":200}`)
		}
		fmt.Fprint(w, `]}`)
	default:
		l.search(w, string(raw), `}`)
	}
}

// search answers one search: a census, counts, the clock, or the lines themselves.
func (l *lines) search(w io.Writer, body, end string) {
	fmt.Fprint(w, `{"took":1,"timed_out":false,"_shards":{"total":1,"successful":1,"failed":0},`)
	from, to := l.between(body)
	app := "ranker-000"
	if m := linesApp.FindStringSubmatch(body); m != nil {
		app = m[1]
	}
	switch step := linesStep.FindStringSubmatch(body); {
	case strings.Contains(body, `"clock"`):
		fmt.Fprintf(w, `"hits":{"hits":[]},"aggregations":{"clock":{"buckets":[{"from":%d}]}}`, l.now().UnixMilli())
	case strings.Contains(body, `"part"`):
		fmt.Fprint(w, `"hits":{"hits":[]},"aggregations":{"early":{"buckets":{"early":{"doc_count":0}}},"part":{"buckets":{"now":{"at":{"buckets":[`)
		buckets(w, from, to, int(seconds(step[1])), func(n int) string {
			return fmt.Sprintf(`"doc_count":%d,"whole":{"buckets":{"whole":{"doc_count":0}}}`, 2*n)
		})
		fmt.Fprint(w, `]}}}}}`)
	case step != nil:
		fmt.Fprint(w, `"hits":{"hits":[]},"aggregations":{"at":{"buckets":[`)
		buckets(w, from, to, int(seconds(step[1])), func(n int) string {
			arm := fmt.Sprintf(`{"doc_count":%d,"level":{"buckets":[{"key":"info","doc_count":%d}]}}`, n, n)
			return fmt.Sprintf(`"arm":{"buckets":{"legacy":%s,"candidate":%s}}`, arm, arm)
		})
		fmt.Fprint(w, `]}}`)
	case strings.Contains(body, `"odd"`):
		fmt.Fprint(w, `"hits":{"hits":[]},"aggregations":{"odd":{"buckets":{}}}`)
	default:
		fmt.Fprint(w, `"hits":{"hits":[`)
		l.hits(w, app, from, to)
		fmt.Fprint(w, `]}`)
	}
	fmt.Fprint(w, end)
}

// between is the span that a body asks for, up to now: what its ranges span together, within the one that begins with time.
func (l *lines) between(body string) (from, to int64) {
	limit := l.now().UnixMilli() + 1
	from = int64(1) << 60
	for _, m := range linesFrom.FindAllStringSubmatch(body, -1) {
		gte, _ := strconv.ParseInt(m[1], 10, 64)
		lt, _ := strconv.ParseInt(m[2], 10, 64)
		switch {
		case gte == 0 && lt > 0:
			limit = min(limit, lt)
		case gte > 0:
			from, to = min(from, gte), max(to, lt)
		}
	}
	return from, min(limit, max(to, 1))
}

// buckets are the intervals of so many milliseconds that have lines, with n lines of each arm.
func buckets(w io.Writer, from, to int64, width int, say func(n int) string) {
	more := ""
	for at := from - from%int64(width); at < to; at += int64(width) {
		n := 0
		for t := max(at, from); t < min(at+int64(width), to); t++ {
			if rest := t % (every * 1000); rest != 0 {
				t += every*1000 - rest - 1
				continue
			}
			n++
		}
		if n > 0 {
			fmt.Fprintf(w, `%s{"key":%d,%s}`, more, at, say(n))
			more = ","
		}
	}
}

// hits are the lines of a span, as documents with what shippers add.
func (l *lines) hits(w io.Writer, app string, from, to int64) {
	more := ""
	for t := (from + every*1000 - 1) / (every * 1000) * every * 1000; t < to; t += every * 1000 {
		for _, track := range []string{"stable", "canary"} {
			text := fmt.Sprintf([]string{"served request %d of user u%d", "cache miss for key %d, asked feature store %d", "slow call took %d ms on shard %d"}[t/5000%3], t%9973, t%331)
			fmt.Fprintf(w, `%s{"_index":"logs-1","_id":"%s-%s-%d","_seq_no":%d,"sort":[%d],"_source":{"@timestamp":%d,"log":{"level":"info"},"labels":{"track":%q},"service":{"name":%q},"message":%q,"host":{"name":"node-7"},"trace":{"id":"%016x"}}}`,
				more, app, track, t, t/1000, t, t, track, app, text, t)
			more = ","
		}
	}
}

// source is a service's lines in that index.
func (l *lines) source(b *testing.B, url, app string) *elastic.Source {
	s, err := elastic.New(elastic.Config{
		URLs: []string{url}, Index: "logs-*", Select: map[string]string{"service.name": app}, Now: l.now, Timeout: time.Minute,
		Arm: elastic.ArmRule{Field: "labels.track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}
