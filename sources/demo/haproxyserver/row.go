package haproxyserver

import (
	"fmt"
	"strings"
	"time"

	"rampart/sources/demo/world"
)

// allRows gives the frontend, the servers and the backend; up leaves out what is down, noMaint what is in maintenance.
func allRows(w *world.World, up, noMaint bool) []*row {
	r := w.Router()
	out := []*row{frontendRow(w)}
	for _, s := range r.Servers() {
		if up && !s.Up || noMaint && s.Admin == world.AdminMaint {
			continue
		}
		out = append(out, serverRow(w, s))
	}
	return append(out, backendRow(w))
}

// zeros are the columns of each kind of row that the demo never moves.
func zeros(r *row, columns string) {
	for c := range strings.FieldsSeq(columns) {
		r.values[c] = "0"
	}
}

const moduleColumns = "ssl_sess ssl_reused_sess ssl_failed_handshake"

const httpColumns = "h2_headers_rcvd h2_data_rcvd h2_settings_rcvd h2_rst_stream_rcvd h2_goaway_rcvd h2_detected_conn_protocol_errors " +
	"h2_detected_strm_protocol_errors h2_rst_stream_resp h2_goaway_resp h2_open_connections h2_backend_open_streams h2_total_connections " +
	"h2_backend_total_streams h1_open_connections h1_open_streams h1_total_connections h1_total_streams h1_bytes_in h1_bytes_out " +
	"h1_spliced_bytes_in h1_spliced_bytes_out"

func newRow(letter, object, proxy, name string, proxyID, id, kind int) *row {
	r := &row{letter: letter, object: object, proxy: proxyID, id: id, values: map[string]string{}}
	zeros(r, moduleColumns+" wrew eint")
	r.set("pxname", proxy)
	r.set("svname", name)
	r.set("pid", 1)
	r.set("iid", proxyID)
	r.set("sid", id)
	r.set("type", kind)
	r.set("mode", "http")
	return r
}

func (r *row) count(c *world.Counters) {
	r.set("stot", c.Sessions)
	r.set("bin", c.BytesIn)
	r.set("bout", c.BytesOut)
	r.set("rate", c.Rate)
	r.set("rate_max", c.RateMax)
	total := 0
	for i, n := range c.Codes {
		total += n
		r.set([...]string{"hrsp_1xx", "hrsp_2xx", "hrsp_3xx", "hrsp_4xx", "hrsp_5xx", "hrsp_other"}[i], n)
	}
	r.set("req_tot", total)
}

// behind sets what servers and backends count of the connections behind the balancer.
func (r *row) behind(c *world.Counters, now time.Time) {
	zeros(r, "qcur qmax scur dresp wredis bck cli_abrt srv_abrt qtime qtime_max reuse")
	r.set("smax", max(1, c.RateMax/12))
	r.set("econ", c.ConnErrors)
	r.set("eresp", c.RespErrors)
	r.set("wretr", c.Retries)
	r.set("lbtot", c.Balanced)
	r.set("connect", c.Sessions)
	r.set("lastsess", -1)
	if !c.LastSession.IsZero() {
		r.set("lastsess", int(max(0, now.Sub(c.LastSession))/time.Second))
	}
	r.set("ctime", 0)
	r.set("rtime", int(c.ResponseTime))
	r.set("ttime", int(c.TotalTime))
	r.set("ctime_max", 1)
	r.set("rtime_max", int(c.MaxResponse))
	r.set("ttime_max", int(c.MaxResponse)+1)
}

func frontendRow(w *world.World) *row {
	rt := w.Router()
	r := newRow("F", "Frontend", rt.Frontend, "FRONTEND", frontendID, 0, 0)
	zeros(r, httpColumns+" scur dreq dresp ereq rate_lim comp_in comp_out comp_byp comp_rsp intercepted dcon dses cache_lookups cache_hits")
	r.count(&rt.Front)
	r.set("smax", max(1, rt.Front.RateMax/10))
	r.set("slim", 9984)
	r.set("status", "OPEN")
	r.set("req_rate", rt.Front.Rate)
	r.set("req_rate_max", rt.Front.RateMax)
	r.set("conn_rate", rt.Front.Rate)
	r.set("conn_rate_max", rt.Front.RateMax)
	r.set("conn_tot", rt.Front.Sessions)
	return r
}

func backendRow(w *world.World) *row {
	rt := w.Router()
	r := newRow("B", "Backend", rt.Backend, "BACKEND", backendID, 0, 1)
	zeros(r, httpColumns+" dreq chkdown downtime comp_in comp_out comp_byp comp_rsp cache_lookups cache_hits agg_server_status agg_server_check_status agg_check_status")
	r.count(&rt.Back)
	r.behind(&rt.Back, w.Now())
	r.set("slim", 999)
	weight, serving := 0, 0
	for _, t := range []world.Track{world.Stable, world.Canary} {
		sum, n := rt.Weights(t, w.Now())
		weight, serving = weight+sum, serving+n
	}
	r.set("status", map[bool]string{true: "UP", false: "DOWN"}[weight > 0])
	r.set("weight", weight)
	r.set("uweight", weight)
	r.set("act", serving)
	r.set("algo", "roundrobin")
	r.set("lastchg", int(w.Now().Sub(rt.Started)/time.Second))
	return r
}

func serverRow(w *world.World, s *world.Server) *row {
	rt, now := w.Router(), w.Now()
	r := newRow("S", "Server", rt.Backend, s.Name, backendID, s.ID, 2)
	zeros(r, "srv_icur idle_conn_cur safe_conn_cur used_conn_cur")
	r.count(&s.Counters)
	r.behind(&s.Counters, now)
	r.set("status", status(s))
	r.set("weight", rt.Effective(s, now))
	r.set("uweight", s.Weight)
	r.set("act", 1)
	r.set("chkfail", s.CheckFails)
	r.set("chkdown", s.Downs)
	r.set("lastchg", int(now.Sub(s.Changed)/time.Second))
	r.set("downtime", int(s.Downtime(now)/time.Second))
	r.set("need_conn_est", 1)
	r.set("addr", fmt.Sprintf("127.0.0.1:%d", s.Port))
	if percent, warming := rt.Throttle(s, now); warming {
		r.set("throttle", percent)
	}
	if s.Admin != world.AdminMaint && s.Checked {
		r.check(s)
	}
	return r
}

// check sets what the last health check said.
func (r *row) check(s *world.Server) {
	zeros(r, "check_duration")
	r.set("check_status", "L4CON")
	r.set("check_desc", "Layer4 connection problem")
	r.set("last_chk", "Connection refused")
	if s.Alive {
		r.set("check_status", "L7OK")
		r.set("check_code", 200)
		r.set("check_desc", "Layer7 check passed")
		r.set("last_chk", "")
	}
	r.set("check_rise", world.CheckRise)
	r.set("check_fall", world.CheckFall)
	r.set("check_health", s.Health)
}

// status gives the state in HAProxy's words; a fraction shows how far the checks are on the way to the other state.
func status(s *world.Server) string {
	if s.Admin == world.AdminMaint {
		return "MAINT"
	}
	name, at, of := "DOWN", s.Health, world.CheckRise
	if s.Up {
		name, at, of = "UP", s.Health-world.CheckRise+1, world.CheckFall
		if s.Admin == world.AdminDrain {
			name = "DRAIN"
		}
	}
	if at > 0 && at < of {
		return fmt.Sprintf("%s %d/%d", name, at, of)
	}
	return name
}
