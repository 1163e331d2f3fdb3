package pair

import (
	"container/heap"
	"time"

	"rampart/sources"
)

// request is the lines of one id that wait for their window to pass, both arms' together, unordered.
type request struct {
	id    string
	lines []Response
	first time.Time // the earliest
	bytes sources.ByArm[int]
	queue int // which queue it stands in
	place int // where in it
}

// A request stands in the queue of the only arm that it has lines of, or in that of both.
const (
	loneLegacy = iota
	loneCandidate
	both
)

func (r *request) kind() int {
	switch {
	case r.bytes.Candidate == 0:
		return loneLegacy
	case r.bytes.Legacy == 0:
		return loneCandidate
	}
	return both
}

// queue orders requests by their first line, the oldest on top; of one instant by id.
type queue []*request

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return q[i].earlier(q[j])
}

func (r *request) earlier(o *request) bool {
	if c := r.first.Compare(o.first); c != 0 {
		return c < 0
	}
	return r.id < o.id
}

func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

// Push is for package heap.
func (q *queue) Push(x any) {
	r := x.(*request)
	r.place = len(*q)
	*q = append(*q, r)
}

// Pop is for package heap.
func (q *queue) Pop() any {
	old := *q
	r := old[len(old)-1]
	old[len(old)-1] = nil
	*q = old[:len(old)-1]
	return r
}

// waiting holds lines until their window has passed.
type waiting struct {
	byID   map[string]*request
	queues [3]queue
	bytes  sources.ByArm[int]
	lines  sources.ByArm[int64]
}

// add puts a line to the others of its id.
func (w *waiting) add(r Response) {
	q := w.byID[r.ID]
	if q == nil {
		q = &request{id: r.ID, first: r.At}
		w.byID[r.ID] = q
	} else {
		heap.Remove(&w.queues[q.queue], q.place)
	}
	q.lines = append(q.lines, r)
	if r.At.Before(q.first) {
		q.first = r.At
	}
	n := r.size()
	*q.bytes.Ptr(r.Arm) += n
	*w.bytes.Ptr(r.Arm) += n
	*w.lines.Ptr(r.Arm)++
	w.stand(q)
}

// stand puts a request into the queue where it belongs.
func (w *waiting) stand(q *request) {
	q.queue = q.kind()
	heap.Push(&w.queues[q.queue], q)
}

// leave takes the lines of a request's first window out. Later ones of the same id wait on, as another request.
func (w *waiting) leave(q *request, window time.Duration) []Response {
	heap.Remove(&w.queues[q.queue], q.place)
	end := q.first.Add(window)
	var out, stay []Response
	for _, r := range q.lines {
		if r.At.After(end) {
			stay = append(stay, r)
			continue
		}
		out = append(out, r)
		n := r.size()
		*q.bytes.Ptr(r.Arm) -= n
		*w.bytes.Ptr(r.Arm) -= n
		*w.lines.Ptr(r.Arm)--
	}
	q.lines = stay
	if len(stay) == 0 {
		delete(w.byID, q.id)
		return out
	}
	q.first = stay[0].At
	for _, r := range stay[1:] {
		if r.At.Before(q.first) {
			q.first = r.At
		}
	}
	w.stand(q)
	return out
}

// oldest is the request whose first line is the oldest; nil when none waits.
func (w *waiting) oldest() *request {
	var best *request
	for _, q := range w.queues {
		if len(q) > 0 && (best == nil || q[0].earlier(best)) {
			best = q[0]
		}
	}
	return best
}

// spare is the request that is missed least: the oldest that has both arms, as it can be paired at once; else the oldest
// of the side that holds more.
func (w *waiting) spare() *request {
	side := loneLegacy
	switch {
	case len(w.queues[both]) > 0:
		side = both
	case w.bytes.Candidate > w.bytes.Legacy:
		side = loneCandidate
	}
	return w.queues[side][0]
}
