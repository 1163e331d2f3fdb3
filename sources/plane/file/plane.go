package file

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rampart/sources"
	"rampart/sources/plane"
)

// mostBytes bounds the file: a config of more is another one's.
const mostBytes = 4 << 20

// settle is how long a reload takes to reach all workers.
const settle = 2 * time.Second

// Plane is a split in a file. It may be used by many goroutines at once.
type Plane struct {
	conf   Config
	now    func() time.Time
	memory plane.Memory
	see    func(pidFile string) (workers, error)
	await  time.Duration // how long a reload of nginx may take
}

var _ sources.Plane = (*Plane)(nil)

// New returns the plane of a checked config; it reads nothing yet. count sees the requests; it may be nil.
func New(c Config, count plane.Count, now func() time.Time) (*Plane, error) {
	if err := c.Validate(); err != nil {
		return nil, &sources.Error{Op: "config", Target: "traffic.file", Kind: sources.ErrInvalid, Cause: err}
	}
	if c.Timeout == 0 {
		c.Timeout = defaultTimeout
	}
	return &Plane{conf: c, now: now, memory: plane.Memory{Count: count}, see: workersOf, await: c.Timeout}, nil
}

// Caps says that a file survives everything, and that the check under the lock compares before it writes.
func (p *Plane) Caps(context.Context) (sources.Caps, error) {
	says := "others who write the file must take its lock too, " + p.stampPath()
	switch {
	case len(p.conf.Reload) == 0:
		says = "the router watches its file: traffic alone shows that it was loaded"
	case p.conf.Format == Nginx && p.conf.PID == "":
		says = "nginx takes a reload before it reads the file: traffic alone shows that it was loaded, or pid, its pid file"
	}
	return sources.Caps{
		Kind: "file", Finest: finest, Even: true, Writes: true, Guarded: true, Durable: true, Settle: settle, Members: 1, Note: sources.NewText(says),
	}, nil
}

// content is the file at one instant.
type content struct {
	b     []byte
	hash  string
	split split
}

// Read tells what the file says, and what of that was loaded.
func (p *Plane) Read(ctx context.Context) (sources.Reading, error) {
	r := sources.Reading{At: p.now()}
	if err := ctx.Err(); err != nil {
		return r, p.failed("read", err, false)
	}
	c, err := p.read()
	if err != nil {
		return r, err
	}
	return p.reading(c), nil
}

func (p *Plane) read() (content, error) {
	b, err := os.ReadFile(p.conf.Path)
	if err != nil {
		return content{}, p.failed("read", err, false)
	}
	if len(b) > mostBytes {
		return content{}, p.invalid(fmt.Errorf("%d bytes, too many for a split", len(b)))
	}
	c := content{b: b, hash: hash(b)}
	if c.split, err = finders()[p.conf.Format](b, p.conf); err != nil {
		return content{}, p.invalid(err)
	}
	return c, nil
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

func (p *Plane) reading(c content) sources.Reading {
	at := p.now()
	set := sources.SplitAt(c.split.share, at)
	r := sources.Reading{At: at, Rev: c.hash, Configured: set, File: set}
	r.Identity = sources.ByArm[sources.Text]{
		Legacy: sources.NewText(strings.Join(p.conf.Arms.Legacy, " ")), Candidate: sources.NewText(strings.Join(p.conf.Arms.Candidate, " ")),
	}
	loaded := p.loaded()
	switch {
	case len(p.conf.Reload) == 0:
	case loaded == begun+c.hash && !busy(p.stampPath()) && p.loaded() == loaded:
		r.Configured = sources.Split{}
		r.Notes = []sources.Note{{Kind: sources.NoteWarning, At: at, Text: sources.Textf("the file says %v: it was written from here and is not known to be loaded; a rollback loads it", set)}}
	case p.conf.Format == Nginx && p.conf.PID == "":
	case loaded == c.hash:
		r.Effective = set
		r.Notes = p.leaving(at)
	default:
		r.Notes = []sources.Note{{Kind: sources.NoteStale, At: at, Text: sources.NewText("the file was written since it was last reloaded from here: what is loaded is not known")}}
	}
	return r
}

// leaving tells of workers that finish what they began under an earlier file, such as long answers and open streams.
func (p *Plane) leaving(at time.Time) []sources.Note {
	now, err := p.workers()
	if n := now.leaving(); err == nil && n > 0 {
		return []sources.Note{{Kind: sources.NoteInfo, At: at, Text: sources.Textf("workers of before that finish what they began: %d; they take no new connections", n)}}
	}
	return nil
}

// failed gives a file's failure its kind.
func (p *Plane) failed(op string, err error, sent bool) *sources.Error {
	e := &sources.Error{Op: op, Target: p.conf.Path, Kind: sources.ErrUnreachable, Cause: err, Sent: sent}
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		e.Cause = pe.Err
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		e.Kind, e.Fix = sources.ErrDenied, "the file and its folder must be writable"
	case errors.Is(err, fs.ErrNotExist):
		e.Fix = "see traffic.file.path"
	}
	return e
}

func (p *Plane) invalid(err error) error {
	return &sources.Error{Op: "read", Target: p.conf.Path, Kind: sources.ErrInvalid, Cause: err, Fix: "see format, block and arms of traffic.file"}
}

// stampPath is the lock, and what was last loaded. The dot keeps it out of include patterns.
func (p *Plane) stampPath() string {
	return filepath.Join(filepath.Dir(p.conf.Path), "."+filepath.Base(p.conf.Path)+".rampart")
}

// begun stands before the hash of a content that is about to be written and was not loaded yet.
const begun = "begun "

// begin remembers that a content is about to be written and loaded. Who ends in between leaves it so, and whoever reads
// next knows that what the file says may not be what is routed.
func (p *Plane) begin(b []byte) {
	if len(p.conf.Reload) > 0 {
		p.stamp(begun + hash(b))
	}
}

// loaded is the hash of the content that was last loaded by a reload from here; empty when there was none, and behind
// begun while one is on its way.
func (p *Plane) loaded() string {
	b, err := os.ReadFile(p.stampPath())
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
