package dossier

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// maxLine bounds a line, and so the memory of a reader.
const maxLine = 1 << 20

// Line is one line of a stream. Exactly one of Header and Block is set, or neither for the kinds that are passed on.
type Line struct {
	Number int
	Kind   string // "dossier", "block", "look", "action", "note"
	Header *Header
	Block  *Block // good until the next line is read
	Raw    []byte // likewise
}

// Reader reads dossiers line by line.
type Reader struct {
	file     string
	in       *bufio.Reader
	number   int
	long     []byte // a line that did not fit the buffer
	any      bool
	layout   *layout // of the dossier at hand; nil before the first header and while one is broken
	id       string
	broken   bool
	atHeader bool // the line at hand is a header
	block    *Block
	last     time.Time
}

// NewReader reads from in; file is its name in errors.
func NewReader(file string, in io.Reader) *Reader {
	return &Reader{file: file, in: bufio.NewReaderSize(in, 1<<16)}
}

// Next gives the next line, or io.EOF. After an [*Error] reading goes on: the rest of a broken dossier is passed over, and
// the next line given is the next header. Any other error is one of reading and ends it.
func (r *Reader) Next(line *Line) error {
	for {
		raw, err := r.read()
		if err != nil {
			if errors.Is(err, io.EOF) && !r.any {
				r.any = true
				return r.fault(bad("", "empty: no dossier"))
			}
			if errors.Is(err, bufio.ErrTooLong) && !r.broken {
				return r.fault(bad("", "the line is longer than %d bytes", maxLine))
			}
			if errors.Is(err, bufio.ErrTooLong) {
				continue
			}
			return err
		}
		if raw = bytes.TrimSpace(raw); len(raw) == 0 {
			continue
		}
		r.any = true
		kind, err := r.kind(raw)
		if r.broken && kind != "dossier" {
			continue
		}
		r.atHeader = kind == "dossier"
		*line = Line{Number: r.number, Kind: kind, Raw: raw}
		if err == nil {
			err = r.take(line)
		}
		if err == nil {
			return nil
		}
		return r.fault(err)
	}
}

// fault ends the dossier at hand.
func (r *Reader) fault(cause error) error {
	r.broken, r.layout = true, nil
	return &Error{File: r.file, Line: r.number, ID: r.id, AtHeader: r.atHeader, Cause: cause}
}

// kind tells the kind of a line; the names of kinds that are known cost no memory.
func (r *Reader) kind(raw []byte) (string, error) {
	switch k := kindOf(raw); string(k) {
	case "block":
		return "block", nil
	case "dossier":
		return "dossier", nil
	}
	if err := wholeLine(raw); err != nil {
		return "", err
	}
	kind, seen := "", false
	err := members("", raw, func(name string, value json.RawMessage) (err error) {
		if name == "kind" {
			seen = true
			kind, err = text(name, value)
		}
		return err
	})
	if err == nil && !seen {
		err = bad("kind", "missing")
	}
	return kind, err
}

// take reads what the line holds.
func (r *Reader) take(line *Line) error {
	switch line.Kind {
	case "dossier":
		return r.header(line)
	case "block":
		if r.layout == nil {
			return bad("kind", "a block before any header")
		}
		if err := r.readBlock(line.Raw); err != nil {
			return err
		}
		line.Block = r.block
		return nil
	case "look", "action", "note":
		if r.layout == nil {
			return bad("kind", "a line before any header")
		}
		return nil
	}
	return bad("kind", "%q: want dossier, block, look, action or note", line.Kind)
}

func (r *Reader) header(line *Line) error {
	r.id, r.last, r.broken, r.layout = headerID(line.Raw), time.Time{}, false, nil
	h, err := ParseHeader(line.Raw)
	if err != nil {
		return err
	}
	r.id, r.layout, r.block = h.ID, newLayout(h), h.NewBlock()
	line.Header = h
	return nil
}

// headerID is the id of a header that may be wrong elsewhere.
func headerID(raw []byte) string {
	var h struct {
		ID string `json:"id"`
	}
	_ = json.Unmarshal(raw, &h)
	return h.ID
}

func (r *Reader) readBlock(raw []byte) error {
	r.block.clear()
	if !r.layout.fast(raw, r.block) {
		r.block = r.layout.header.NewBlock()
		if err := r.layout.slow(raw, r.block); err != nil {
			return err
		}
	}
	if err := r.layout.header.CheckBlock(r.block, r.last); err != nil {
		return err
	}
	r.last = r.block.End
	return nil
}

// read gives the next line without its end; a last line need not have one.
func (r *Reader) read() (line []byte, err error) {
	r.number++
	part, err := r.in.ReadSlice('\n')
	if err == nil {
		return part[:len(part)-1], nil
	}
	r.long = r.long[:0]
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(r.long) <= maxLine {
			r.long = append(r.long, part...)
		}
		part, err = r.in.ReadSlice('\n')
	}
	if err != nil && (err != io.EOF || len(part)+len(r.long) == 0) {
		return nil, err
	}
	if len(r.long) <= maxLine {
		r.long = append(r.long, part...)
	}
	if len(r.long) > maxLine {
		return nil, bufio.ErrTooLong
	}
	return bytes.TrimSuffix(r.long, []byte("\n")), nil
}
