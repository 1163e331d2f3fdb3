package audit

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"rampart/sources"
)

// maxLine bounds an entry. What is larger is no record of an action.
const maxLine = 1 << 20

// link is where a chain stands: the last entry's number and hash.
type link struct {
	seq  uint64
	hash string
}

// origin is the link before the first entry.
var origin = link{hash: hashOf(nil)}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// encode returns the entry's line, with its end, and the entry with its hash. The hash is that of the line as it would
// stand without the hash field, which comes last.
func encode(e sources.Entry) ([]byte, sources.Entry, error) {
	e.Hash = ""
	b, err := json.Marshal(e)
	if err != nil {
		return nil, e, fmt.Errorf("encode: %w", err)
	}
	e.Hash = hashOf(b)
	line := append(bytes.TrimSuffix(b, []byte("}")), `,"hash":"`+e.Hash+"\"}\n"...)
	if len(line) > maxLine {
		return nil, e, fmt.Errorf("an entry of %d bytes, the most is %d", len(line), maxLine)
	}
	return line, e, nil
}

// The places of the hash field in a line without its end: `,"hash":"` + 64 digits + `"}`.
const (
	hashField = `,"hash":"`
	hashTail  = len(hashField) + 2*sha256.Size + len(`"}`)
)

// decode reads a line without its end and checks that it is, byte for byte, what encode wrote.
func decode(line []byte) (sources.Entry, error) {
	var e sources.Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return e, fmt.Errorf("no entry: %w", err)
	}
	cut := len(line) - hashTail
	if cut < 0 || string(line[cut:cut+len(hashField)]) != hashField {
		return e, errors.New("the hash does not stand at its end")
	}
	if got := hashOf(append(line[:cut:cut], '}')); got != e.Hash {
		return e, errors.New("its content does not fit its hash")
	}
	return e, nil
}

// follows tells whether an entry is the next one after a link.
func (l link) follows(e sources.Entry) error {
	switch {
	case e.Seq != l.seq+1:
		return fmt.Errorf("entry %d comes after entry %d", e.Seq, l.seq)
	case e.Prev != l.hash:
		return fmt.Errorf("entry %d was chained to another entry %d than the one before it", e.Seq, l.seq)
	}
	return nil
}
