package pair

import (
	"time"

	"rampart/sources"
)

// Join pairs both arms' responses. Make it with New.
type Join struct {
	cfg       Config
	waiting   waiting
	watermark time.Time
	seen      sources.ByArm[int64]
	unmatched sources.ByArm[Unmatched]
	tally     tally
	worst     worst
}

// New makes a join that has seen nothing. The error names what of the config is out of its bounds.
func New(c Config) (*Join, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	return &Join{cfg: c, waiting: waiting{byID: map[string]*request{}}, tally: newTally(), worst: worst{most: c.Worst}}, nil
}

// Add takes a line. Lines of no arm are not counted.
func (j *Join) Add(r Response) {
	if r.Arm != sources.Legacy && r.Arm != sources.Candidate {
		return
	}
	*j.seen.Ptr(r.Arm)++
	switch {
	case r.ID == "":
		j.miss(r.Arm, NoID)
	case r.At.IsZero():
		j.miss(r.Arm, NoTime)
	case r.At.Before(j.watermark):
		j.miss(r.Arm, Late)
	case !j.watermark.IsZero() && r.At.After(j.watermark.Add(ahead)):
		j.miss(r.Arm, Ahead)
	default:
		j.waiting.add(r)
		j.fit()
	}
}

func (j *Join) miss(a sources.Arm, why Reason) { j.unmatched.Ptr(a)[why]++ }

// fit makes room until the waiting lines are within their bytes.
func (j *Join) fit() {
	for j.waiting.bytes.Legacy+j.waiting.bytes.Candidate > j.cfg.Bytes {
		q := j.waiting.spare()
		if q.kind() == both { // nothing is lost by pairing early what has a partner
			j.settle(j.waiting.leave(q, j.cfg.Window))
			continue
		}
		for _, r := range j.waiting.leave(q, j.cfg.Window) {
			j.miss(r.Arm, Evicted)
		}
	}
}

// Advance says that no line before the watermark is to be expected any more, and settles all requests whose window has
// passed, in the order of their time. A watermark before the last one changes nothing.
func (j *Join) Advance(watermark time.Time) {
	if !watermark.After(j.watermark) {
		return
	}
	j.watermark = watermark
	for q := j.waiting.oldest(); q != nil && q.first.Add(j.cfg.Window).Before(watermark); q = j.waiting.oldest() {
		j.settle(j.waiting.leave(q, j.cfg.Window))
	}
}

// settle makes a pair of the first line of each arm; the others are duplicates, and without one arm there is none.
func (j *Join) settle(lines []Response) {
	var first sources.ByArm[*Response]
	for i := range lines {
		r := &lines[i]
		p := first.Ptr(r.Arm)
		if *p == nil || r.before(*p) {
			if *p != nil {
				j.miss(r.Arm, Duplicate)
			}
			*p = r
			continue
		}
		j.miss(r.Arm, Duplicate)
	}
	switch {
	case first.Legacy == nil:
		j.miss(sources.Candidate, NoPartner)
	case first.Candidate == nil:
		j.miss(sources.Legacy, NoPartner)
	default:
		p := j.compare(first.Legacy, first.Candidate)
		j.tally.add(p)
		j.worst.add(p)
	}
}
