package runner

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"rampart/analysis/ramp"
)

// mark is what a driver leaves beside the lease while the journal cannot take where the ramp stands: the next runner would
// go on with a ramp that somebody stopped or held. It is a symbolic link to no file, whose few bytes stand in the folder's
// own entry: that can be made on a disk that has no room for a line more. The zero value leaves none.
type mark struct{ path string }

// errNoMark is why none can be left.
var errNoMark = errors.New("there is no place for a mark")

// leave says that a ramp stands elsewhere than the journal has it.
func (m mark) leave(st ramp.State) error {
	if m.path == "" {
		return errNoMark
	}
	says := fmt.Sprintf("%d %s", st.Started.UnixNano(), st.Phase)
	if old, err := os.Readlink(m.path); err == nil && old == says {
		return nil
	}
	_ = os.Remove(m.path) // of another phase, or not there
	return os.Symlink(says, m.path)
}

// of is where a ramp stood by the mark; ok is false where there is none of that ramp.
func (m mark) of(st ramp.State) (p ramp.Phase, ok bool) {
	says, err := os.Readlink(m.path)
	started, phase, found := strings.Cut(says, " ")
	if err != nil || !found || started != strconv.FormatInt(st.Started.UnixNano(), 10) || p.UnmarshalText([]byte(phase)) != nil {
		return 0, false
	}
	return p, true
}

// Marked is where a ramp stands by the mark beside it, where a runner left one: the journal could not be told how it ended, or
// that somebody holds it. Without a mark of that ramp it stands where the journal has it.
func Marked(path string, st ramp.State) ramp.State {
	if p, left := (mark{path}).of(st); left {
		st.Phase = p
	}
	return st
}

// clear takes it away: the journal has all of it.
func (m mark) clear() {
	if m.path != "" {
		_ = os.Remove(m.path) // as a rule there is none
	}
}

// heed is what a ramp that goes on owes to the mark that a runner before left: it stays ended, a rollback goes on, and
// otherwise it waits for somebody, because nobody knows what it was told.
func (m mark) heed(st ramp.State) []ramp.Event {
	p, left := m.of(st)
	switch {
	case !left || !st.Phase.Live():
		m.clear()
		return nil
	case !p.Live():
		return []ramp.Event{{Kind: ramp.Stop, Why: "it was " + word(p) + " while the journal could not be written"}}
	case p == ramp.RollingBack:
		return []ramp.Event{{Kind: ramp.Abort, Why: "it was " + word(p) + " while the journal could not be written"}}
	}
	return []ramp.Event{{Kind: ramp.Hold, Why: "the runner before could not write down where it stood (" + word(p) + "): resume goes on"}}
}
