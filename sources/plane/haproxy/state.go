package haproxy

import (
	"fmt"
	"strconv"
	"strings"
)

// state is one line of "show servers state" (management guide 9.3): what is set, by the running process and by its
// file, and how the server is.
type state struct {
	name    string
	addr    string
	op      int // srv_op_state: 0 stopped, 1 starting, 2 running, 3 stopping
	admin   int // srv_admin_state: bits, see maintenance and draining
	weight  int // srv_uweight: what is set
	initial int // srv_iweight: what the file says
}

// up tells whether the server takes requests when it has a weight: running or starting, and not put aside.
func (s state) up() bool { return (s.op == 1 || s.op == 2) && s.admin == 0 }

// The bits of srv_admin_state (server-t.h, SRV_ADMF_*): by command, by another server that is tracked, by the file, by a name
// that does not resolve.
const (
	maintenance = 0x01 | 0x02 | 0x04 | 0x20 | 0x40
	forcedDrain = 0x08
	draining    = forcedDrain | 0x10
)

// drained tells whether the server gets no new requests whatever its weight, and still those that stick to it.
func (s state) drained() bool { return s.admin&draining != 0 && s.admin&maintenance == 0 }

// parseStates reads the section of one backend. Columns are found by the header's names, which newer versions extend.
func parseStates(section, backend string) ([]state, error) {
	lines := strings.Split(strings.TrimSpace(section), "\n")
	if len(lines) < 2 || lines[0] != "1" || !strings.HasPrefix(lines[1], "# ") {
		return nil, fmt.Errorf("servers state: want version 1 and a header, got %q", shorten(section))
	}
	header := strings.Fields(lines[1][2:])
	states := make([]state, 0, len(lines)-2)
	for _, line := range lines[2:] {
		f := strings.Fields(line)
		if len(f) < len(header) {
			return nil, fmt.Errorf("servers state: %d of %d columns in %q", len(f), len(header), shorten(line))
		}
		r := row{header: header, fields: f}
		if r.text("be_name") != backend {
			continue
		}
		s := state{
			name: r.text("srv_name"), addr: r.text("srv_addr") + ":" + r.text("srv_port"),
			op: r.number("srv_op_state"), admin: r.number("srv_admin_state"),
			weight: r.number("srv_uweight"), initial: r.number("srv_iweight"),
		}
		if r.err != nil {
			return nil, fmt.Errorf("servers state: server %q: %w", s.name, r.err)
		}
		states = append(states, s)
	}
	return states, nil
}

// row is one line of a table whose columns have names. Its first error stays.
type row struct {
	header, fields []string
	err            error
}

// text returns a column; a column that is missing is an error.
func (r *row) text(name string) string {
	for i, h := range r.header {
		if h == name && i < len(r.fields) {
			return r.fields[i]
		}
	}
	r.fail(fmt.Errorf("no column %s", name))
	return ""
}

// optional returns a column, or "" when this version or this right does not show it.
func (r *row) optional(name string) string {
	for i, h := range r.header {
		if h == name && i < len(r.fields) {
			return r.fields[i]
		}
	}
	return ""
}

// number returns a column that must be a whole number.
func (r *row) number(name string) int {
	n, err := strconv.Atoi(r.text(name))
	if err != nil {
		r.fail(fmt.Errorf("column %s: %q is no whole number", name, r.optional(name)))
	}
	return n
}

// count returns a counter; an empty column counts nothing (the mode does not know it).
func (r *row) count(name string) int64 {
	s := r.optional(name)
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		r.fail(fmt.Errorf("column %s: %q is no whole number", name, s))
	}
	return n
}

func (r *row) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}
