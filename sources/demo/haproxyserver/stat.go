package haproxyserver

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"rampart/sources/demo/world"
)

//go:embed columns.txt
var columnsText string

// The kinds of rows, as bits of the second argument of show stat.
const (
	frontendRows = 1 << iota
	backendRows
	serverRows
)

// row is one line of show stat: a value per column, empty where the real program has none.
type row struct {
	letter string // F, B, S in the typed form
	object string // in the JSON form
	proxy  int
	id     int
	values map[string]string
}

func (r *row) set(column string, value any) { r.values[column] = fmt.Sprint(value) }

// showStat answers `show stat [PROXY TYPES ID] [typed|json|up|no-maint]`.
func showStat(_ *session, w *world.World, args []string) string {
	types, id := -1, -1
	proxy := ""
	if len(args) >= 3 {
		proxy = args[0]
		types, _ = strconv.Atoi(args[1])
		id, _ = strconv.Atoi(args[2])
	}
	if n, err := strconv.Atoi(proxy); err == nil {
		proxy = map[int]string{frontendID: w.Router().Frontend, backendID: w.Router().Backend, -1: ""}[n]
	} else if proxy != "" && proxy != w.Router().Backend && proxy != w.Router().Frontend {
		return "No such proxy.\n\n"
	}
	var rows []*row
	for _, r := range allRows(w, has(args, "up"), has(args, "up") || has(args, "no-maint")) {
		bit := map[string]int{"F": frontendRows, "B": backendRows, "S": serverRows}[r.letter]
		if types&bit != 0 && (id < 0 || r.id == id) && (proxy == "" || r.values["pxname"] == proxy) {
			rows = append(rows, r)
		}
	}
	switch format(args) {
	case "typed":
		return typed(rows)
	case "json":
		return jsonRows(rows)
	}
	return csv(rows)
}

func has(args []string, word string) bool {
	for _, a := range args {
		if a == word {
			return true
		}
	}
	return false
}

// column is one column of show stat with the tags that the typed form prints; a backend's differ in a few.
type column struct{ name, tags, backendTags, kind string }

func columns() []column {
	var out []column
	for line := range strings.Lines(columnsText) {
		p := strings.Fields(line)
		out = append(out, column{p[0], p[1], p[2], p[3]})
	}
	return out
}

// modules is the first column that statistics modules add; the CSV form has a column "-" before it.
const modules = "ssl_sess"

func csv(rows []*row) string {
	var b strings.Builder
	cs := columns()
	b.WriteString("# ")
	for _, c := range cs {
		if c.name == modules {
			b.WriteString("-,")
		}
		b.WriteString(c.name + ",")
	}
	for _, r := range rows {
		b.WriteString("\n")
		for _, c := range cs {
			if c.name == modules {
				b.WriteString("-,")
			}
			b.WriteString(quoted(r.values[c.name]) + ",")
		}
	}
	b.WriteString("\n\n")
	return b.String()
}

// quoted puts a value with a comma, a quote or a line break into quotes (csv_enc).
func quoted(v string) string {
	if strings.ContainsAny(v, ",\"\n\r") {
		return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
	}
	return v
}

func (r *row) fields() []field {
	var out []field
	for i, c := range columns() {
		if v, ok := r.values[c.name]; ok {
			f := field{i, c.name, c.tags, c.kind, v}
			if r.letter == "B" {
				f.tags = c.backendTags
			}
			out = append(out, f)
		}
	}
	return out
}

func typed(rows []*row) string {
	var b strings.Builder
	for _, r := range rows {
		for _, f := range r.fields() {
			fmt.Fprintf(&b, "%s.%d.%d.%d.%s.1:%s:%s:%s\n", r.letter, r.proxy, r.id, f.pos, f.name, f.tags, f.kind, f.value)
		}
	}
	return b.String() + "\n"
}

func jsonRows(rows []*row) string {
	var all []string
	for _, r := range rows {
		head := fmt.Sprintf(`"objType":%q,"proxyId":%d,"id":%d,`, r.object, r.proxy, r.id)
		var items []string
		for _, f := range r.fields() {
			items = append(items, f.json(head))
		}
		all = append(all, "["+strings.Join(items, ",")+"]")
	}
	return "[" + strings.Join(all, ",") + "]\n\n"
}
