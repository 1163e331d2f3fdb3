package logtmpl

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"rampart/sources"
)

// Formats are the forms that [Report] writes.
var Formats = []string{"table", "tsv", "json"}

// Report mines the lines of r and writes what it found to w: as a table or JSON of templates, those with most lines
// first, or as tsv with one row per line of r, in order: the id of its group, a tab, the template. Groups that were
// joined later stand with their final id, therefore nothing is written before r ends; of a line only four bytes are kept
// until then. Lines may be of any length and hold any bytes; what is written is harmless for a terminal.
func Report(r io.Reader, format string, w io.Writer) error {
	rep, err := newReport(format == "tsv")
	if err != nil {
		return err
	}
	var write func(io.Writer) error
	switch format {
	case "table":
		write = rep.table
	case "tsv":
		write = rep.rows
	case "json":
		write = rep.json
	default:
		return &sources.Error{Op: "mine templates", Target: format, Kind: sources.ErrInvalid, Fix: "the formats are table, tsv and json"}
	}
	if err := rep.read(r); err != nil {
		return fmt.Errorf("mine templates: read: %w", err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	if err := write(out); err != nil {
		return fmt.Errorf("mine templates: write: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("mine templates: write: %w", err)
	}
	return nil
}

// A report holds more templates than a live miner, and the texts of so many that it had to evict all the same.
const (
	reportTemplates = 1 << 15
	reportRetired   = 1 << 16
)

type report struct {
	miner   *Miner
	rowwise bool
	lines   []uint32 // per line the index of its group in groups
	groups  []ID
	retired map[ID]string
}

func newReport(rowwise bool) (*report, error) {
	m, err := New(Config{Templates: reportTemplates})
	if err != nil {
		return nil, err
	}
	rep := &report{miner: m, rowwise: rowwise, retired: map[ID]string{}}
	m.retire = func(g *group) {
		if len(rep.retired) < reportRetired {
			rep.retired[g.id] = g.text()
		}
	}
	return rep, nil
}

// read mines every line of r; of a line beyond the buffer the rest is passed over.
func (rep *report) read(r io.Reader) error {
	in := bufio.NewReaderSize(r, 32*longestLine)
	for {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			if line[len(line)-1] == '\n' {
				line = line[:len(line)-1]
			}
			rep.add(line)
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (rep *report) add(line []byte) {
	g, _ := rep.miner.add(line)
	if !rep.rowwise {
		return
	}
	if g.index == 0 {
		rep.groups = append(rep.groups, g.id)
		g.index = uint32(len(rep.groups))
	}
	rep.lines = append(rep.lines, g.index-1)
}

func (rep *report) rows(w io.Writer) error {
	rows := make([][]byte, len(rep.groups))
	for i, id := range rep.groups {
		id = rep.miner.Resolve(id)
		text, ok := rep.retired[id], false
		if t, held := rep.miner.Template(id); held {
			text, ok = t.Text.String(), true
		}
		if !ok && text == "" {
			text = anything
		}
		rows[i] = fmt.Appendf(nil, "%s\t%s\n", id, sources.Visible(text))
	}
	for _, i := range rep.lines {
		if _, err := w.Write(rows[i]); err != nil {
			return err
		}
	}
	return nil
}

func (rep *report) table(w io.Writer) error {
	counts := rep.miner.Counts()
	fmt.Fprintf(w, "%10s %7s  %-16s  %s\n", "LINES", "SHARE", "ID", "TEMPLATE")
	for _, t := range rep.miner.Templates() {
		share := 100 * float64(t.Lines) / float64(counts.Lines)
		if _, err := fmt.Fprintf(w, "%10d %6.2f%%  %s  %s\n", t.Lines, share, t.ID, t.Text); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%d lines, %d templates%s\n", counts.Lines, counts.Templates, evictedNote(counts))
	return err
}

func evictedNote(c Counts) string {
	if c.Evicted == 0 {
		return ""
	}
	return fmt.Sprintf(", %d rare templates forgotten", c.Evicted)
}

func (rep *report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	templates := rep.miner.Templates()
	if templates == nil {
		templates = []Template{}
	}
	return enc.Encode(struct {
		Counts
		Found []Template `json:"found"`
	}{rep.miner.Counts(), templates})
}
