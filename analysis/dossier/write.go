package dossier

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
)

// AppendHeader appends a header's line, with all that is in force spelled out, so that later defaults change nothing.
func AppendHeader(dst []byte, h *Header) []byte {
	dst = append(dst, `{"kind":"dossier","version":`...)
	dst = strconv.AppendInt(dst, Version, 10)
	dst = AppendString(append(dst, `,"id":`...), h.ID)
	dst = appendFloat(append(dst, `,"alpha":`...), h.Alpha)
	dst = appendFloat(append(dst, `,"harm_margin":`...), h.HarmMargin)
	dst = appendFloat(append(dst, `,"safe_margin":`...), h.SafeMargin)
	dst = appendFloat(append(dst, `,"step_seconds":`...), h.Step.Seconds())
	dst = append(dst, `,"measures":[`...)
	for i := range h.Measures {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMeasure(dst, h, &h.Measures[i])
	}
	return append(dst, "]}\n"...)
}

func appendMeasure(dst []byte, h *Header, m *Measure) []byte {
	dst = AppendString(append(dst, `{"name":`...), m.Name)
	dst = AppendString(append(dst, `,"kind":`...), m.Kind.String())
	for i, e := range m.Edges {
		dst = append(dst, [2]string{`,`, `,"edges":[`}[btoi(i == 0)]...)
		dst = appendFloat(dst, e)
	}
	if len(m.Edges) > 0 {
		dst = append(dst, ']')
	}
	dst = appendFloat(append(dst, `,"weight":`...), m.Weight)
	if m.HarmMargin != h.HarmMargin {
		dst = appendFloat(append(dst, `,"harm_margin":`...), m.HarmMargin)
	}
	if m.SafeMargin != h.SafeMargin {
		dst = appendFloat(append(dst, `,"safe_margin":`...), m.SafeMargin)
	}
	return append(dst, '}')
}

// AppendBlock appends a block's line. The block must pass [Header.CheckBlock]. It allocates nothing once dst has room.
func AppendBlock(dst []byte, h *Header, b *Block) []byte {
	dst = append(dst, `{"kind":"block","t":"`...)
	dst = b.End.UTC().AppendFormat(dst, time.RFC3339Nano)
	dst = append(dst, `","share":`...)
	if b.ShareKnown {
		dst = appendFloat(dst, b.Share)
	} else {
		dst = append(dst, "null"...)
	}
	dst = appendArm(append(dst, `,"legacy":`...), h, &b.Legacy)
	dst = appendArm(append(dst, `,"candidate":`...), h, &b.Candidate)
	dst = appendStrata(dst, h, b.Strata)
	return append(dst, "}\n"...)
}

func appendArm(dst []byte, h *Header, a *Arm) []byte {
	if !a.Scraped {
		return append(dst, "null"...)
	}
	requests := a.requests()
	dst = strconv.AppendInt(append(dst, `{"requests":`...), requests, 10)
	for i := range h.Measures {
		if !h.slot(i) {
			continue
		}
		if c := &a.Counts[i]; c.Known && c.Requests != requests {
			dst = append(AppendString(append(dst, ','), h.Measures[i].Kind.String()), ':')
			dst = appendObject(dst, h.Measures[i].Kind, c)
		} else {
			dst = appendOwn(dst, h.Measures[i].Kind, c)
		}
	}
	for i := range h.Measures {
		if h.slot(i) {
			continue
		}
		dst = append(AppendString(append(dst, ','), h.Measures[i].Name), ':')
		if c := &a.Counts[i]; c.Known {
			dst = appendObject(dst, h.Measures[i].Kind, c)
		} else {
			dst = append(dst, "null"...)
		}
	}
	return append(dst, '}')
}

// requests are those of the first measure that was scraped.
func (a *Arm) requests() int64 {
	for i := range a.Counts {
		if a.Counts[i].Known {
			return a.Counts[i].Requests
		}
	}
	return 0
}

// appendObject appends counts with requests of their own.
func appendObject(dst []byte, kind Kind, c *Counts) []byte {
	dst = strconv.AppendInt(append(dst, `{"requests":`...), c.Requests, 10)
	return append(appendOwn(dst, kind, c), '}')
}

func appendOwn(dst []byte, kind Kind, c *Counts) []byte {
	dst = append(append(append(dst, `,"`...), kind.String()...), `":`...)
	if !c.Known {
		return append(dst, "null"...)
	}
	if kind == Errors {
		return strconv.AppendInt(dst, c.Errors, 10)
	}
	for i, n := range c.Cells {
		dst = append(dst, [2]byte{',', '['}[btoi(i == 0)])
		dst = strconv.AppendInt(dst, n, 10)
	}
	return append(dst, ']')
}

// AppendString appends a JSON string.
func AppendString(dst []byte, s string) []byte {
	q, err := json.Marshal(s)
	if err != nil {
		return append(dst, `""`...)
	}
	return append(dst, q...)
}

func appendFloat(dst []byte, f float64) []byte { return strconv.AppendFloat(dst, f, 'g', -1, 64) }

// Writer writes one dossier after the other.
type Writer struct {
	out    io.Writer
	header *Header
	last   time.Time
	buf    []byte
}

// NewWriter writes to out, one Write per line, so that a line is whole or torn but never mixed with another.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Begin starts a dossier.
func (w *Writer) Begin(h *Header) error {
	if err := h.Check(); err != nil {
		return fmt.Errorf("begin dossier: %w", err)
	}
	w.header, w.last = h, time.Time{}
	return w.line(AppendHeader(w.buf[:0], h))
}

// Block writes one block of the dossier begun last; one that a reader would refuse is refused here.
func (w *Writer) Block(b *Block) error {
	if w.header == nil {
		return fmt.Errorf("write block: no dossier was begun")
	}
	if err := w.header.CheckBlock(b, w.last); err != nil {
		return fmt.Errorf("write block: %w", err)
	}
	w.last = b.End
	return w.line(AppendBlock(w.buf[:0], w.header, b))
}

// Other writes a line of the kind look, action or note: an object whose first field is its kind.
func (w *Writer) Other(kind string, object []byte) error {
	if kind != "look" && kind != "action" && kind != "note" {
		return fmt.Errorf("write %s: want look, action or note", kind)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, object); err != nil || compact.Len() < 2 || compact.Bytes()[0] != '{' {
		return fmt.Errorf("write %s: want a JSON object", kind)
	}
	line := append(w.buf[:0], `{"kind":"`...)
	line = append(append(line, kind...), '"')
	if compact.Len() > 2 {
		line = append(line, ',')
	}
	return w.line(append(append(line, compact.Bytes()[1:]...), '\n'))
}

func (w *Writer) line(b []byte) error {
	w.buf = b
	_, err := w.out.Write(b)
	return err
}
