package panel

import (
	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/ui/cell"
	"rampart/ui/panel/part"
)

// Audit is panel 9: what was done and seen, by whom, newest first.
type Audit struct {
	part.Still
	part.List
}

// Name is the panel's word.
func (*Audit) Name() string { return "audit" }

// Title is the panel's heading.
func (*Audit) Title() string { return "9 audit" }

// View draws the entries, and the selected one in full under them.
func (l *Audit) View(f *frame.Frame, st part.State, box part.Box) cell.Grid {
	if f == nil || len(f.Audit) == 0 {
		return part.Note(box, f, "the journal has no entry for this context yet, or none is configured")
	}
	t := cell.Table{Columns: []cell.Column{
		{Head: "TIME", Keep: 9},
		{Head: "KIND", Keep: 8, Min: 6},
		{Head: "WHO", Min: 8, Max: 24, Keep: 6},
		{Head: "VERB", Keep: 4},
		{Head: "WHAT", Min: 20, Keep: 7, Grow: true},
		{Head: "INTENT", Max: 12, Keep: 2},
		{Head: "SEQ", Keep: 1, Right: true},
	}}
	for _, e := range f.Audit {
		t.Rows = append(t.Rows, cell.TableRow{Cells: []cell.Line{
			cell.Say(cell.Dim, st.Exact(e.Time)), cell.Say(entryTone(e.Kind), string(e.Kind)), cell.Say(cell.Plain, sources.Visible(e.Actor)),
			cell.Say(cell.Plain, e.Verb), cell.Say(cell.Plain, e.Text), cell.Say(cell.Dim, e.IntentID), cell.Say(cell.Dim, cell.Count(int64(e.Seq))),
		}})
	}
	h := min(len(t.Rows)+1, max(3, box.H-5))
	g := cell.New(box.W, box.H)
	g.Blit(0, 0, l.Draw(t, nil, box.W, h))
	if h+2 < box.H {
		e := f.Audit[l.Sel]
		g.Blit(0, h, part.Ruled(box.W, cell.Say(cell.Title, string(e.Kind)+" "+st.Exact(e.Time))))
		g.Blit(0, h+1, part.Paragraph(box.W, entryWords(e)))
	}
	return g
}

// entryTone makes refusals, gaps and reverts stand out: they are what an audit is read for.
func entryTone(k sources.EntryKind) cell.Tone {
	switch k {
	case sources.EntryRefusal, sources.EntryUnlock, sources.EntryLapse:
		return cell.Warn
	case sources.EntryGap, sources.EntryReverted:
		return cell.Bad
	case sources.EntryIntent, sources.EntryReceipt, sources.EntryRung, sources.EntryConfirm, sources.EntryApproval, sources.EntryRamp:
		return cell.Accent
	case sources.EntryNote, sources.EntryCall, sources.EntrySession:
	}
	return cell.Plain
}

func entryWords(e sources.Entry) cell.Line {
	line := cell.Say(cell.Plain, e.Text)
	if e.Actor != "" {
		line = line.And(cell.Dim, " · by ").And(cell.Plain, e.Via.Of(e.Actor))
	}
	if e.From != "" {
		line = line.And(cell.Dim, " from "+e.From)
	}
	if e.IntentID != "" {
		line = line.And(cell.Dim, " · intent "+e.IntentID)
	}
	if len(e.Hash) > 12 {
		line = line.And(cell.Dim, " · hash "+e.Hash[:12]+"…")
	}
	return line
}

// Selected is the selected entry in words.
func (l *Audit) Selected(f *frame.Frame) string {
	if f == nil || l.Sel >= len(f.Audit) {
		return ""
	}
	e := f.Audit[l.Sel]
	return e.Time.UTC().Format("2006-01-02 15:04:05Z ") + string(e.Kind) + " " + sources.Visible(entryWords(e).String())
}

// Hints are the keys that matter most.
func (*Audit) Hints() []part.Hint {
	return []part.Hint{{Key: "R", Does: "roll back"}, {Key: "j k", Does: "entry"}, {Key: "y", Does: "copy"}, {Key: ":note", Does: "write one"}, {Key: "esc", Does: "overview"}, {Key: "?", Does: "help"}}
}
