// Package lease is the sole right of one process of a state folder to drive one service's ramp. Of several state folders on
// one machine the claim of what is driven keeps them apart, which a holder has beside it.
//
// A lease is a file that its holder keeps locked. It promises: at most one process holds it; it ends with its process,
// however that ends, at once; whoever is refused learns who holds it, since when and where; and a holder whose lease was
// stolen finds out at its next [Lease.Held], which it asks before every write. The file's time is the holder's heartbeat.
// A Lease owns no goroutine.
//
// # Why
//
// A lock (flock) and not a file that exists: nothing is left over by a process that was killed. Stealing puts a new file
// in the old one's place, because a lock cannot be taken from a process that lives, and it must be possible to do
// without a process that lives and does nothing. The lease keeps honest processes apart; what fences a write is that the
// plane and the journal are read again before it.
package lease

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"rampart/sources"
)

// Holder is who holds a lease.
type Holder struct {
	Actor  string    `json:"actor"`
	Host   string    `json:"host"`
	PID    int       `json:"pid"`
	Since  time.Time `json:"since"`
	Socket string    `json:"socket,omitempty"` // where consoles attach
	Reason string    `json:"reason,omitempty"` // why it was stolen, if it was
	State  string    `json:"state,omitempty"`  // the folder of its journal
	User   string    `json:"-"`                // whose process it is, by the kernel's word; empty: the kernel was not asked
}

// String names the holder in a sentence.
func (h Holder) String() string {
	switch {
	case h.Actor == "" && h.User != "" && h.PID == 0:
		return "a process of user " + sources.Visible(h.User) + " that does not say who it is and is not seen from here"
	case h.Actor == "" && h.User != "":
		return fmt.Sprintf("process %d of user %s, which does not say who it is", h.PID, sources.Visible(h.User))
	case h.PID == 0 && h.User == "":
		return "a process that did not say who it is"
	}
	who := sources.Visible(h.Actor)
	if h.User != "" && h.User != h.Actor {
		who += " (user " + sources.Visible(h.User) + ")"
	}
	process := fmt.Sprintf("process %d", h.PID)
	if h.PID == 0 {
		process = "a process that is not seen from here"
	}
	since := "it is not said since when"
	if !h.Since.IsZero() {
		since = "since " + h.Since.UTC().Format(time.DateTime)
	}
	return fmt.Sprintf("%s, %s on %s, %s", who, process, sources.Visible(h.Host), since)
}

// Lease is held until Release, until the process ends, or until it is stolen.
type Lease struct {
	path   string
	file   *os.File
	holder Holder
}

// Held says that somebody else holds a lease. It is ErrConflict.
type Held struct {
	Target string
	By     Holder
}

// Error names the holder, and where one with another state folder is called: nothing of this one leads there.
func (h *Held) Error() string {
	s := fmt.Sprintf("take lease of %s: held by %s", h.Target, h.By)
	if h.By.User != "" && h.By.Socket != "" {
		s += ", who listens at " + sources.Visible(h.By.Socket)
	}
	if h.By.User != "" && h.By.State != "" {
		s += " and keeps the journal in " + sources.Visible(h.By.State)
	}
	return s
}

// Is makes it a conflict.
func (h *Held) Is(kind error) bool { return kind == sources.ErrConflict }

// Take takes a free lease. A [*Held] error names who has it.
func Take(path string, who Holder) (*Lease, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, failed("take", path, err)
	}
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, failed("take", path, err)
		}
		if err := lock(f); err != nil {
			by := read(f)
			f.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, &Held{name(path), by}
			}
			return nil, failed("take", path, err)
		}
		l := &Lease{path: path, file: f, holder: who}
		if l.Held() != nil {
			f.Close() // it was stolen between opening and locking: look again
			continue
		}
		if err := l.sign(); err != nil {
			f.Close()
			return nil, failed("take", path, err)
		}
		return l, nil
	}
}

// Steal takes a lease from whoever holds it and returns who that was. Holder.Reason says why, and must be given.
func Steal(path string, who Holder) (*Lease, Holder, error) {
	if who.Reason == "" {
		return nil, Holder{}, &sources.Error{Op: "steal", Target: "lease of " + name(path), Kind: sources.ErrInvalid, Fix: "say why"}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, Holder{}, failed("steal", path, err)
	}
	was, _, err := Look(path)
	if errors.Is(err, sources.ErrNoData) { // whoever had it last is not stolen from
		was = Holder{}
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, was, failed("steal", path, err)
	}
	l := &Lease{path: path, file: f, holder: who}
	if err := errors.Join(lock(f), l.sign(), os.Rename(f.Name(), path)); err != nil {
		f.Close()
		_ = os.Remove(f.Name()) // it never became the lease
		return nil, was, failed("steal", path, err)
	}
	return l, was, nil
}

// Holder is who holds this lease.
func (l *Lease) Holder() Holder { return l.holder }

// Held is nil while the lease is this process's own, and says who has it otherwise.
func (l *Lease) Held() error {
	mine, err := l.file.Stat()
	if err != nil {
		return failed("check", l.path, err)
	}
	now, err := os.Stat(l.path)
	if err != nil {
		return failed("check", l.path, err)
	}
	if os.SameFile(mine, now) {
		return nil
	}
	by, _, _ := Look(l.path)
	return &Held{name(l.path), by}
}

// Beat says that the holder lives.
func (l *Lease) Beat(at time.Time) error {
	tv := syscall.NsecToTimeval(at.UnixNano())
	if err := syscall.Futimes(int(l.file.Fd()), []syscall.Timeval{tv, tv}); err != nil {
		return failed("renew", l.path, err)
	}
	return nil
}

// Release gives the lease back. The file stays, free.
func (l *Lease) Release() error { return l.file.Close() }

// sign writes who holds the lease into its file.
func (l *Lease) sign() error {
	b, err := json.Marshal(l.holder)
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err = l.file.WriteAt(append(b, '\n'), 0)
	return err
}

// Look tells who holds a lease and when they last said that they live. ErrNoData: nobody does; the holder is then the
// one who had it last, if anybody.
func Look(path string) (Holder, time.Time, error) {
	f, err := os.Open(path)
	if err != nil {
		return Holder{}, time.Time{}, failed("read", path, err)
	}
	defer f.Close()
	by := read(f)
	info, err := f.Stat()
	if err != nil {
		return by, time.Time{}, failed("read", path, err)
	}
	if syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == nil {
		return by, info.ModTime(), &sources.Error{Op: "read", Target: "lease of " + name(path), Kind: sources.ErrNoData, Cause: errors.New("nobody holds it")}
	}
	return by, info.ModTime(), nil
}

func read(f *os.File) Holder {
	var h Holder
	b := make([]byte, 4096)
	n, _ := f.ReadAt(b, 0)
	if json.Unmarshal(b[:n], &h) != nil {
		return Holder{}
	}
	return h
}

// lock tries for a moment: somebody who looks holds a shared lock for an instant.
func lock(f *os.File) error {
	var err error
	for range 20 {
		if err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			return nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	return err
}

// name is the service as the file is called after it.
func name(path string) string {
	base := filepath.Base(path)
	return base[:len(base)-len(filepath.Ext(base))]
}

func failed(op, path string, err error) error {
	kind := sources.ErrUnreachable
	switch {
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		kind = sources.ErrDenied
	case errors.Is(err, fs.ErrNotExist):
		kind = sources.ErrNoData
	}
	return &sources.Error{Op: op, Target: "lease " + path, Kind: kind, Cause: err}
}
