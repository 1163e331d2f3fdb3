package engine

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// fleet answers for a Prometheus that scrapes any number of services, three processes of legacy and one of the candidate
// each: two counters of requests, a histogram of twelve edges, a start and a version. All it says follows from the time
// alone, so that it takes no memory.
type fleet struct {
	began           time.Time // of all processes
	queries, answer atomic.Int64
}

var (
	fleetName = regexp.MustCompile(`(rq_total|lat_bucket|process_start_time_seconds|build_info)`)
	fleetApps = regexp.MustCompile(`\bapp=~?"([^"]*)"`)
	fleetSpan = regexp.MustCompile(`\[(\d+)s\]$`)
)

// ServeHTTP answers the queries of a scrape's round and nothing else.
func (f *fleet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.FormValue("query")
	name, apps := fleetName.FindString(query), fleetApps.FindStringSubmatch(query)
	if name == "" || apps == nil {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, `{"status":"error","errorType":"bad_data","error":%q}`, query)
		return
	}
	f.queries.Add(1)
	a := &fleetAnswer{fleet: f, name: name, step: 15}
	switch span := fleetSpan.FindStringSubmatch(query); {
	case span != nil:
		a.to = seconds(r.FormValue("time"))
		a.from = a.to - seconds(span[1])
	case r.FormValue("start") != "":
		a.from, a.to, a.step = seconds(r.FormValue("start"))-1, seconds(r.FormValue("end")), seconds(r.FormValue("step"))
	default:
		a.from, a.to, a.step = seconds(r.FormValue("time"))-1, seconds(r.FormValue("time")), 1
	}
	w.Header().Set("Content-Type", "application/json")
	a.b = append(a.b, `{"status":"success","data":{"resultType":"matrix","result":[`...)
	for i, app := range strings.Split(apps[1], "|") {
		for pod := range 4 {
			a.process(strings.ReplaceAll(app, `\\`, ``), i*7+pod, pod)
			a.send(w)
		}
	}
	a.b = append(a.b, `]}}`...)
	a.send(w)
}

// send writes what is there, so that an answer is never held whole.
func (a *fleetAnswer) send(w io.Writer) {
	a.answer.Add(int64(len(a.b)))
	_, _ = w.Write(a.b)
	a.b = a.b[:0]
}

func seconds(s string) int64 {
	f, _ := strconv.ParseFloat(s, 64)
	return int64(f)
}

// fleetAnswer is one answer in the making.
type fleetAnswer struct {
	*fleet
	name           string
	from, to, step int64
	b              []byte
	more           bool
}

// process writes the series of one process.
func (a *fleetAnswer) process(app string, offset, pod int) {
	track, busy := "stable", 9.0
	if pod == 3 {
		track, busy = "canary", 3.0
	}
	labels := fmt.Sprintf(`"app":%q,"track":%q,"instance":"%s-%d","job":%q`, app, track, app, pod, app)
	switch a.name {
	case "rq_total":
		a.series(labels+`,"code":"200"`, offset, func(age int64) int64 { return int64(busy * float64(age)) })
		a.series(labels+`,"code":"500"`, offset, func(age int64) int64 { return int64(busy * float64(age) / 300) })
	case "lat_bucket":
		for i, le := range []string{"0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"} {
			a.series(labels+`,"le":"`+le+`"`, offset, func(age int64) int64 { return int64(busy * float64(age) * float64(i+1) / 12) })
		}
	case "process_start_time_seconds":
		a.series(labels, offset, func(int64) int64 { return a.began.Unix() })
	case "build_info":
		a.series(labels+`,"version":"`+map[string]string{"stable": "41", "canary": "42"}[track]+`"`, -1, func(int64) int64 { return 1 })
	}
}

// series writes the samples of one series: each process is scraped at its own second of the interval; an offset of -1 is
// the server's own step.
func (a *fleetAnswer) series(labels string, offset int, value func(age int64) int64) {
	first := a.from + 1
	if offset >= 0 {
		first += (int64(offset) - first%a.step + a.step) % a.step
	}
	if first = max(first, a.began.Unix()); first > a.to {
		return
	}
	if a.more {
		a.b = append(a.b, ',')
	}
	a.more = true
	a.b = append(append(append(append(append(a.b, `{"metric":{"__name__":"`...), a.name...), `",`...), labels...), `},"values":[`...)
	for t := first; t <= a.to; t += a.step {
		if t > first {
			a.b = append(a.b, ',')
		}
		a.b = strconv.AppendInt(append(a.b, '['), t, 10)
		a.b = strconv.AppendInt(append(a.b, `,"`...), value(t-a.began.Unix()), 10)
		a.b = append(a.b, `"]`...)
	}
	a.b = append(a.b, `]}`...)
}
