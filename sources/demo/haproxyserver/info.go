package haproxyserver

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rampart/sources/demo/world"
)

// version is the program whose words these are.
const version = "2.6.12-1+deb12u4"

//go:embed info.txt
var infoText string

// field is one typed value of the API, of show info or of show stat.
type field struct {
	pos   int
	name  string
	tags  string // origin, nature, scope
	kind  string
	value string
}

// infoFields gives the fields of show info, those that live filled in.
func infoFields(w *world.World) []field {
	r := w.Router()
	up := w.Now().Sub(r.Started)
	s := int(up / time.Second)
	live := map[string]string{
		"Pid": strconv.Itoa(r.PID), "Uptime_sec": strconv.Itoa(s), "Start_time_sec": strconv.FormatInt(r.Started.Unix(), 10),
		"Uptime":   fmt.Sprintf("%dd %dh%02dm%02ds", s/86400, s/3600%24, s/60%60, s%60),
		"CumReq":   strconv.Itoa(r.Front.Sessions),
		"CumConns": strconv.Itoa(r.Front.Sessions), "ConnRate": strconv.Itoa(r.Front.Rate), "SessRate": strconv.Itoa(r.Front.Rate),
		"MaxConnRate": strconv.Itoa(r.Front.RateMax), "MaxSessRate": strconv.Itoa(r.Front.RateMax), "node": "lb1",
		"TotalBytesOut": strconv.Itoa(r.Front.BytesOut), "BytesOutRate": strconv.Itoa(r.Front.Rate * 3180),
	}
	var out []field
	for line := range strings.Lines(infoText) {
		p := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		pos, _ := strconv.Atoi(p[0])
		f := field{pos, p[1], p[2], p[3], p[4]}
		if v, ok := live[f.name]; ok {
			f.value = v
		}
		out = append(out, f)
	}
	return out
}

func showInfo(_ *session, w *world.World, args []string) string {
	fields := infoFields(w)
	switch format(args) {
	case "typed":
		var b strings.Builder
		for _, f := range fields {
			fmt.Fprintf(&b, "%d.%s.1:%s:%s:%s\n", f.pos, f.name, f.tags, f.kind, f.value)
		}
		return b.String() + "\n"
	case "json":
		items := make([]string, len(fields))
		for i, f := range fields {
			items[i] = f.json("")
		}
		return "[" + strings.Join(items, ",") + "]\n\n"
	}
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, "%s: %s\n", f.name, f.value)
	}
	return b.String() + "\n"
}

// format finds the format among the words of a show command.
func format(args []string) string {
	for _, a := range args {
		if a == "typed" || a == "json" {
			return a
		}
	}
	return ""
}

// json writes a field as the real program does; head is what names the object in show stat.
func (f field) json(head string) string {
	value := f.value
	if f.kind == "str" {
		value = strconv.Quote(value)
	}
	return fmt.Sprintf(`{%s"field":{"pos":%d,"name":%q},"processNum":1,"tags":{"origin":%q,"nature":%q,"scope":%q},"value":{"type":%q,"value":%s}}`,
		head, f.pos, f.name, origins()[f.tags[0]], natures()[f.tags[1]], scopes()[f.tags[2]], f.kind, value)
}

func origins() map[byte]string {
	return map[byte]string{'M': "Metric", 'S': "Status", 'K': "Key", 'C': "Config", 'P': "Product"}
}

func natures() map[byte]string {
	return map[byte]string{
		'G': "Gauge", 'L': "Limit", 'm': "Min", 'M': "Max", 'R': "Rate", 'C': "Counter", 'D': "Duration", 'A': "Age", 'T': "Time", 'N': "Name",
		'O': "Output", 'a': "Avg",
	}
}

func scopes() map[byte]string {
	return map[byte]string{'C': "Cluster", 'P': "Process", 'S': "Service", 's': "System"}
}
