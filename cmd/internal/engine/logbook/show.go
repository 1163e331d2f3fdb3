package logbook

import (
	"rampart/analysis/frame"
	"rampart/analysis/logring"
	"rampart/sources"
)

// Show answers a question about the lines of one page, in the page's order, masked: what a tail prints. The page need not
// be held any more, so no line is lost to the arena's bounds. A bad filter is an error that says what is wrong.
func (l *Book) Show(p sources.Page, q frame.LogsQuery) ([]frame.LogLine, error) {
	keep, err := filter(q)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []frame.LogLine
	for _, line := range p.Lines {
		h := logring.Line{At: line.At, Arm: line.Arm, Level: line.Level, ID: hashID(line), Late: line.Late, Text: []byte(line.Message.Raw()), Doc: line.Source}
		if h.At.IsZero() {
			h.At = l.now
		}
		if !keep(&h) {
			continue
		}
		v := l.line(logring.Pos{}, h)
		v.ID = ""
		for _, name := range q.Fields {
			text, _ := logring.Field(h.Doc, name)
			v.Fields = append(v.Fields, frame.Field{Name: sources.NewText(name), Value: l.redact.Mask(sources.NewText(text), nil)})
		}
		out = append(out, v)
	}
	return out, nil
}
