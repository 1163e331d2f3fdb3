package panel

import (
	"rampart/analysis/frame"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// alertPart shows what the alerting system says of the service, and who does not want to hear it.
func alertPart(f *frame.Frame, st part.State, w int) cell.Grid {
	t := cell.Table{Selected: -1, Columns: []cell.Column{
		{Head: "ALERT", Keep: 9, Min: 12, Max: 32}, {Head: "SEVERITY", Keep: 5}, {Head: "SINCE", Keep: 8}, {Head: "SAYS", Keep: 7, Grow: true, Min: 20},
	}}
	for _, a := range f.Alerting.Alerts {
		tone, says := cell.Bad, cell.Say(cell.Plain, a.Summary.String())
		if a.Muted {
			tone, says = cell.Dim, cell.Say(cell.Dim, "muted · "+a.Summary.String())
		}
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(tone, a.Name.String()), cell.Say(cell.Plain, a.Severity.String()), cell.Say(cell.Dim, st.Exact(a.Since)), says,
		}})
	}
	for _, s := range f.Alerting.Silences {
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Warn, "silence by "+s.By.String()), nil, cell.Say(cell.Dim, st.Exact(s.From)),
			cell.Say(cell.Plain, s.Comment.String()+" · "+s.Matchers.String()+" · until ").And(cell.Plain, st.Exact(s.To)),
		}})
	}
	return t.Draw(w, len(t.Rows)+1)
}
