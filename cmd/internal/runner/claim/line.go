package claim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"rampart/cmd/internal/runner/lease"
)

const (
	// mostLine bounds a line, its end included.
	mostLine = 4096
	// mostWord bounds each text in it.
	mostWord = 512
)

// line is all that travels, one JSON object to a line: who somebody is, and what they ask or answer. A line of another
// version has other fields, too; none of these may change its meaning.
type line struct {
	Actor  string    `json:"actor,omitempty"`
	Host   string    `json:"host,omitempty"`
	PID    int       `json:"pid,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	Socket string    `json:"socket,omitempty"`
	State  string    `json:"state,omitempty"`
	Reason string    `json:"reason,omitempty"`

	LetGo   bool   `json:"let_go,omitempty"`  // asked: do so; answered: it is done
	Refused string `json:"refused,omitempty"` // why it was not
}

// lineOf is how somebody says who they are.
func lineOf(h lease.Holder) line {
	return line{Actor: h.Actor, Host: h.Host, PID: h.PID, Since: h.Since, Socket: h.Socket, State: h.State, Reason: h.Reason}
}

// encode writes a line with its end. Texts that are too long are cut.
func (l line) encode() []byte {
	for _, s := range []*string{&l.Actor, &l.Host, &l.Socket, &l.State, &l.Reason, &l.Refused} {
		*s = cut(*s)
	}
	b, err := json.Marshal(l)
	if err != nil || len(b) >= mostLine { // a time that JSON cannot say, or texts that need six bytes a character
		b, _ = json.Marshal(line{PID: l.PID, LetGo: l.LetGo, Refused: cut(l.Refused[:min(len(l.Refused), 64)])})
	}
	return append(b, '\n')
}

// decode reads the first line of what came. ok is false while its end is missing.
func decode(b []byte) (l line, ok bool, err error) {
	i := bytes.IndexByte(b, '\n')
	switch {
	case i < 0 && len(b) >= mostLine, i >= mostLine:
		return line{}, false, fmt.Errorf("a line of more than %d bytes", mostLine)
	case i < 0:
		return line{}, false, nil
	}
	if err := json.Unmarshal(b[:i], &l); err != nil {
		return line{}, false, errors.New("not a line of rampart's")
	}
	for _, s := range []*string{&l.Actor, &l.Host, &l.Socket, &l.State, &l.Reason, &l.Refused} {
		*s = cut(*s)
	}
	return l, true, nil
}

// cut keeps the beginning of a text, no character in half.
func cut(s string) string {
	if len(s) <= mostWord {
		return s
	}
	n := mostWord
	for n > mostWord-utf8.UTFMax && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// holder is who says a line, by the kernel's word where it has one.
func (l line) holder(p Peer) lease.Holder {
	return lease.Holder{
		Actor: l.Actor, Host: l.Host, PID: p.PID, Since: l.Since, Socket: l.Socket, State: l.State, Reason: l.Reason, User: p.Name,
	}
}
