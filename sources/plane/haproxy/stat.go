package haproxy

import (
	"encoding/csv"
	"fmt"
	"strings"

	"rampart/sources"
)

// stat is what "show stat" says of a backend (management guide 9.1): its servers and how it balances.
type stat struct {
	servers   map[string]serverStat
	algorithm string // "" below level operator, which is not told
	cookie    string // the persistence cookie, "" for none or not told
}

// serverStat is one server's line.
type serverStat struct {
	status   string
	inUse    int  // the weight in use: after slow start and agent checks
	backup   bool // takes requests only when no other server does
	agent    string
	tcp      bool // no answers are counted by code
	counters sources.RouterCounters
}

// parseStat reads the CSV section of one backend, by the header's names.
func parseStat(section, backend string) (stat, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimSpace(section)))
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	lines, err := r.ReadAll()
	if err != nil {
		return stat{}, fmt.Errorf("stat: %w", err)
	}
	if len(lines) < 2 || !strings.HasPrefix(lines[0][0], "# pxname") {
		return stat{}, fmt.Errorf("stat: want a header and lines, got %q", shorten(section))
	}
	header := lines[0]
	header[0] = "pxname"
	s := stat{servers: make(map[string]serverStat, len(lines))}
	for _, line := range lines[1:] {
		l := row{header: header, fields: line}
		if l.text("pxname") != backend {
			continue
		}
		switch name := l.text("svname"); name {
		case "FRONTEND":
		case "BACKEND":
			s.algorithm, s.cookie = l.optional("algo"), l.optional("cookie")
		default:
			s.servers[name] = parseServer(&l)
		}
		if l.err != nil {
			return stat{}, fmt.Errorf("stat: server %q: %w", l.optional("svname"), l.err)
		}
	}
	return s, nil
}

func parseServer(l *row) serverStat {
	s := serverStat{
		status: l.text("status"), inUse: l.number("weight"), backup: l.optional("bck") == "1", agent: l.optional("agent_status"),
		tcp: l.optional("hrsp_5xx") == "",
		counters: sources.RouterCounters{
			Requests: l.count("stot"), Errors: l.count("hrsp_5xx"), ConnectionErrors: l.count("econ"),
			ResponseErrors: l.count("eresp"), Retries: l.count("wretr"), Redispatches: l.count("wredis"),
		},
	}
	if s.tcp { // answers have no code there
		s.counters.Errors = sources.Untold
	}
	return s
}

// info is what "show info" says of the process.
type info struct{ pid, start, uptime, version string }

func parseInfo(section string) (info, error) {
	var i info
	for line := range strings.Lines(section) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "Pid":
			i.pid = value
		case "Start_time_sec":
			i.start = value
		case "Uptime_sec":
			i.uptime = value
		case "Version":
			i.version = value
		}
	}
	if i.pid == "" || i.uptime == "" {
		return info{}, fmt.Errorf("info: no Pid and Uptime_sec in %q", shorten(section))
	}
	return i, nil
}
