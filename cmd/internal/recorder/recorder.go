// Package recorder writes the blocks of each rollout into a dossier of its own, to be judged again by anyone.
//
// It promises that judging never waits for a disk, that several consoles may write the same dossier and each block stands
// there once, that a line torn by a crash is cut off, and that a folder does not grow for ever. A [Recorder] owns one
// goroutine, from New to Close.
package recorder

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"rampart/analysis/dossier"
)

// Dossiers are bounded: the newest so many are kept, and one stops growing at a size that a ramp of weeks does not reach.
const (
	mostDossiers  = 100
	mostDossier   = 64 << 20
	dossierEnding = ".jsonl"
)

// Recorder writes one dossier per rollout into a folder. Blocks are encoded where they are judged and written by a
// goroutine of its own, so that a slow disk never holds up a frame. Several consoles may write the same dossier: each
// appends only what is newer than the file's last block.
type Recorder struct {
	dir  string
	mu   sync.Mutex
	todo []record
	wake chan struct{}
	done sync.WaitGroup
	over bool
}

// record is one block's line and the dossier that it belongs to.
type record struct {
	name   string
	header []byte
	end    time.Time
	line   []byte
}

// New makes a recorder that writes into a folder, which is made when the first block comes.
func New(dir string) *Recorder {
	r := &Recorder{dir: dir, wake: make(chan struct{}, 1)}
	r.done.Go(r.run)
	return r
}

// Add takes a block as it was judged. The name is the rollout's, as it may stand in a file's.
func (r *Recorder) Add(rollout string, h dossier.Header, b *dossier.Block) {
	header := dossier.AppendHeader(nil, &h)
	sum := sha256.Sum256(header)
	rec := record{name: rollout + "-" + hex.EncodeToString(sum[:4]) + dossierEnding, header: header, end: b.End, line: dossier.AppendBlock(nil, &h, b)}
	r.mu.Lock()
	r.todo = append(r.todo, rec)
	r.mu.Unlock()
	r.knock()
}

func (r *Recorder) knock() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Close writes what is left.
func (r *Recorder) Close() {
	r.mu.Lock()
	r.over = true
	r.mu.Unlock()
	r.knock()
	r.done.Wait()
}

func (r *Recorder) run() {
	for range r.wake {
		r.mu.Lock()
		todo, over := r.todo, r.over
		r.todo = nil
		r.mu.Unlock()
		for len(todo) > 0 {
			n := slices.IndexFunc(todo, func(x record) bool { return x.name != todo[0].name })
			if n < 0 {
				n = len(todo)
			}
			// A dossier that cannot be written costs the record, never the call: the next block tries again.
			_ = appendDossier(r.dir, todo[:n])
			todo = todo[n:]
		}
		if over {
			return
		}
	}
}

// appendDossier appends the records of one dossier that are newer than what it holds, under the file's lock.
func appendDossier(dir string, records []record) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, records[0].name), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	last, size, err := lastBlock(f)
	if err != nil || size > mostDossier {
		return err
	}
	var out bytes.Buffer
	if size == 0 {
		out.Write(records[0].header)
		forgetOldest(dir)
	}
	for _, rec := range records {
		if rec.end.After(last) {
			out.Write(rec.line)
		}
	}
	_, err = f.Write(out.Bytes())
	return err
}

// lastBlock returns when the file's last block ended. A line torn by a crash is cut off.
func lastBlock(f *os.File) (last time.Time, size int64, err error) {
	size, err = f.Seek(0, io.SeekEnd)
	if err != nil || size == 0 {
		return last, size, err
	}
	from := max(0, size-256<<10)
	tail := make([]byte, size-from)
	if _, err := f.ReadAt(tail, from); err != nil && !errors.Is(err, io.EOF) {
		return last, size, err
	}
	if end := bytes.LastIndexByte(tail, '\n') + 1; end < len(tail) {
		size = from + int64(end)
		if err := f.Truncate(size); err != nil {
			return last, size, err
		}
		tail = tail[:end]
	}
	lines := bytes.Split(bytes.TrimSuffix(tail, []byte("\n")), []byte("\n"))
	newest := lines[len(lines)-1]
	_, stamp, found := bytes.Cut(newest, []byte(`"t":"`))
	if !found {
		return last, size, nil
	}
	stamp, _, _ = bytes.Cut(stamp, []byte(`"`))
	last, err = time.Parse(time.RFC3339Nano, string(stamp))
	return last, size, err
}

// forgetOldest keeps the newest dossiers of a folder.
func forgetOldest(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) <= mostDossiers {
		return
	}
	age := func(e os.DirEntry) time.Time {
		info, err := e.Info()
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return age(a).Compare(age(b)) })
	for _, e := range entries[:len(entries)-mostDossiers] {
		if filepath.Ext(e.Name()) == dossierEnding {
			_ = os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}
