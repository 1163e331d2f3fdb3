package panel

import (
	"strconv"
	"strings"

	"rampart/analysis"
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
)

// fleet is neighbours in the list of servers that are alike: of one arm and member, in one state, with one weight.
type fleet struct {
	first, last int
	sum         sources.Server // the first, with the counters of all
	rate        analysis.Value // of all
}

// fleets gathers servers that are alike, in their order.
func fleets(servers []sources.Server, rates []analysis.Value) []fleet {
	var out []fleet
	for i, s := range servers {
		v := rate(rates, i)
		if n := len(out); n > 0 && alike(out[n-1].sum, s) {
			out[n-1].take(i, s, v)
			continue
		}
		out = append(out, fleet{i, i, s, v})
	}
	return out
}

func alike(a, b sources.Server) bool {
	return a.Arm == b.Arm && a.Member == b.Member && a.Up == b.Up && a.State == b.State && a.Weight == b.Weight && a.Initial == b.Initial
}

func (f *fleet) take(i int, s sources.Server, rate analysis.Value) {
	c, d := &f.sum.Counters, s.Counters
	for _, n := range []struct {
		sum *int64
		of  int64
	}{
		{&c.Requests, d.Requests}, {&c.Errors, d.Errors}, {&c.ConnectionErrors, d.ConnectionErrors}, {&c.ResponseErrors, d.ResponseErrors}, {&c.Retries, d.Retries},
	} {
		if *n.sum < 0 || n.of < 0 {
			*n.sum = sources.Untold
		} else {
			*n.sum += n.of
		}
	}
	if f.last = i; !rate.Known {
		f.rate = rate
		return
	}
	if f.rate.Known {
		f.rate = analysis.Number(f.rate.V+rate.V, f.rate.Unit, f.rate.N+rate.N)
	}
}

// fromTo names servers by the first and the last: "stable-1…12".
func fromTo(first, last string) string {
	base := strings.TrimRight(first, "0123456789")
	if rest, ok := strings.CutPrefix(last, base); ok && base != "" && base != first {
		return first + "…" + rest
	}
	return first + " … " + last
}

// fleetPart lists servers that are alike in one row, with what they serve together.
func fleetPart(f *frame.Frame, w int) cell.Grid {
	t := serverTable()
	for _, x := range fleets(f.Traffic.Servers, f.Traffic.Rates) {
		s, n := x.sum, x.last-x.first+1
		row := serverRow(s, perSecond(x.rate))
		if n > 1 {
			row.Cells[0] = cell.Say(cell.Plain, sources.Visible(fromTo(s.Name, f.Traffic.Servers[x.last].Name)))
			row.Cells[2] = cell.Say(row.Cells[2][0].Tone, strconv.Itoa(n)+" "+row.Cells[2].String())
		}
		t.Rows = append(t.Rows, row)
	}
	return drawServers(t, w)
}
