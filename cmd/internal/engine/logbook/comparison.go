package logbook

import (
	"hash/fnv"
	"io"
	"time"

	"rampart/analysis"
	"rampart/analysis/logcat"
	"rampart/analysis/logdiff"
	"rampart/analysis/logring"
	"rampart/analysis/logtmpl"
	"rampart/analysis/redact"
	"rampart/sources"
)

// comparison compares the arms per request: templates, kinds of lines, and all lines together in both directions.
type comparison struct {
	rollout   string
	templates *logdiff.Diff
	kinds     *logdiff.Diff // by kindID, and all lines by allLines
	fewer     *logdiff.Diff // all lines with the arms exchanged: the candidate writes less
	rows      []logdiff.Row // of templates, as of the newest block
	byID      map[logtmpl.ID]logdiff.Row
	ratios    map[logtmpl.ID]analysis.Value // with their intervals, which take long, as of the newest block
}

// allLines stands for lines of every kind; kindID for those of one category.
const allLines logtmpl.ID = 1

func kindID(i int) logtmpl.ID { return logtmpl.ID(i) + 2 }

// sensitiveID stands for lines that hold one kind of sensitive text.
func sensitiveID(k redact.Kind) logtmpl.ID {
	h := fnv.New32a()
	_, _ = io.WriteString(h, string(k))
	return logtmpl.ID(h.Sum32()) + 2 + logcat.Most
}

// mostRows is how many rows of a diff are handed out.
const mostRows = 50

func newComparison(c Config) (*comparison, error) {
	var p comparison
	var err error
	if p.templates, err = c.diffOf(heldPatterns); err != nil {
		return nil, err
	}
	if p.kinds, err = c.diffOf(2 * logcat.Most); err != nil {
		return nil, err
	}
	p.fewer, err = c.diffOf(16)
	return &p, err
}

// count takes a line.
func (p *comparison) count(id logtmpl.ID, arm sources.Arm, at time.Time, kinds logcat.Set, held map[redact.Kind]bool) {
	if !p.templates.Count(id, arm, at) {
		return
	}
	p.kinds.Count(allLines, arm, at)
	for i := range logcat.Most {
		if kinds.Has(i) {
			p.kinds.Count(kindID(i), arm, at)
		}
		if kinds>>i == 0 {
			break
		}
	}
	for k := range held {
		p.kinds.Count(sensitiveID(k), arm, at)
	}
	p.fewer.Count(allLines, arm.Other(), at)
}

// close takes a block's requests.
func (p *comparison) close(b Requests, resolve func(logtmpl.ID) logtmpl.ID) {
	p.templates.Close(b.End, b.N, resolve)
	p.kinds.Close(b.End, b.N, nil)
	p.fewer.Close(b.End, sources.ByArm[*int64]{Legacy: b.N.Candidate, Candidate: b.N.Legacy}, nil)
}

// rank reads the evidence after the newest block.
func (p *comparison) rank() {
	p.rows = p.templates.Rows(mostRows)
	p.byID = p.templates.ByID()
	p.ratios = map[logtmpl.ID]analysis.Value{}
}

// ratio is a template's, with its interval.
func (p *comparison) ratio(r logdiff.Row) analysis.Value {
	v, ok := p.ratios[r.ID]
	if !ok {
		lo, hi, bounded := p.templates.Interval(r.ID)
		v = ratioOf(r, lo, hi, bounded)
		p.ratios[r.ID] = v
	}
	return v
}

// Requests are both arms' requests in the block that ends at End; nil for an arm that was not scraped.
type Requests struct {
	End time.Time
	N   sources.ByArm[*int64]
}

// leastBehind is how long lines of a block are waited for when the source's lag is small or not known, and mostBehind
// how long at most: what comes later is shown and is no evidence.
const (
	leastBehind = 20 * time.Second
	mostBehind  = 10 * time.Minute
)

// Behind is how long after its end a block is closed: twice the ingest lag of the slower arm and ten seconds.
func (l *Book) Behind() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.behind()
}

func (l *Book) behind() time.Duration {
	lag := max(l.lag.Legacy, l.lag.Candidate)
	return min(max(2*lag+10*time.Second, leastBehind), mostBehind)
}

// Compared is the end of the newest block that was compared for a rollout; zero when there is none yet.
func (l *Book) Compared(rollout string) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.peers.rollout != rollout {
		return time.Time{}
	}
	return l.peers.templates.Closed()
}

// Compare closes the blocks of a rollout in their order. A new rollout begins anew: the lines that are held are counted
// again, since those of its first blocks came before it was known.
func (l *Book) Compare(rollout string, blocks []Requests) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.peers.rollout != rollout {
		if err := l.begin(rollout, blocks); err != nil {
			return err
		}
	}
	for _, b := range blocks {
		l.peers.close(b, l.miner.Resolve)
		l.sensitive.close(b, l.from)
	}
	if len(blocks) > 0 {
		l.peers.rank()
	}
	return nil
}

// begin starts the comparison of a rollout, whose name is not known before its first block.
func (l *Book) begin(rollout string, blocks []Requests) error {
	if l.peers.rollout == "" {
		l.peers.rollout = rollout
		return nil
	}
	if len(blocks) == 0 {
		return nil
	}
	fresh, err := newComparison(l.cfg)
	if err != nil {
		return err
	}
	fresh.rollout = rollout
	l.peers = fresh
	from := blocks[0].End.Add(-l.cfg.Step)
	l.ring.Newer(logring.Query{From: logring.At(from), Keep: func(h *logring.Line) bool {
		if h.Arm != 0 {
			id := l.miner.Resolve(logtmpl.ID(h.Template))
			var kinds logcat.Set
			if p := l.patterns.byID[id]; p != nil {
				kinds = p.kinds & l.cfg.Catalog.At(h.Level)
			}
			fresh.count(id, h.Arm, h.At, kinds, l.sensitive.held(l.redact, h.Text, h.Doc))
		}
		return false
	}})
	return nil
}
