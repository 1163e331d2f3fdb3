package audit

import (
	"bytes"
	"os"

	"rampart/sources"
)

// heal takes away a torn end that nobody was told about: a crash cut its write short before the head file named it, so
// no entry is lost, and whoever starts again unattended must be able to read. An end that the head file names was
// acknowledged: that one stays for a person to see.
func (j *Journal) heal(f *os.File) error {
	tail, end, err := lastLine(f)
	if err != nil || len(tail) == 0 || bytes.HasSuffix(tail, []byte("\n")) {
		return err
	}
	before, err := lastBefore(f, end-int64(len(tail)))
	if err != nil {
		return err
	}
	if head, err := readHead(j.path); err != nil || !head.within(before) {
		return nil //nolint:nilerr // it is told by whoever reads it
	}
	notes, err := j.mendEnd(f)
	if err != nil {
		return err
	}
	last, more, err := j.stands(f)
	for _, note := range append(notes, more...) {
		if err == nil {
			_, last, err = j.add(f, last, sources.Entry{Kind: sources.EntryNote, Text: note})
		}
	}
	return err
}

// within tells whether all that the head names stands before the end of a line. A head may be behind, never ahead.
func (l link) within(line []byte) bool {
	if l == origin {
		return len(line) == 0
	}
	e, err := decode(bytes.TrimSuffix(line, []byte("\n")))
	return err == nil && (e.Seq > l.seq || e.Seq == l.seq && e.Hash == l.hash)
}
