package wire

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"rampart/sources"
)

// RollbackVersion is the version of the rollback's document. It is frozen for ever: fields may join, none may change or
// go, so that any console can roll back through any runner.
const RollbackVersion = 1

// RollbackRequest asks a runner to take the candidate's traffic away.
type RollbackRequest struct {
	Version int    `json:"version"`
	Service string `json:"service"`
	Reason  string `json:"reason,omitempty"`
	// ID names the wish: asking again with the same one, as after a cut connection, follows what was begun.
	ID string `json:"id"`
}

// RollbackStep is one line of the answer. The first comes at once and says that the runner has taken it; the last is Done.
type RollbackStep struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Rung    string    `json:"rung"` // none, sent, accepted, configured, effective, observed
	Text    string    `json:"text"` // in plain words
	Done    bool      `json:"done"`
	Error   string    `json:"error,omitempty"`
	Kind    string    `json:"kind,omitempty"` // of the error: denied, conflict, unreachable, ...
}

// taken is a rollback that was asked for.
type taken struct {
	begun  chan struct{} // closed when the rest is known
	intent string
	first  sources.Progress
	err    error
}

// mostTaken is how many rollbacks are remembered by their id.
const mostTaken = 256

// rollback takes the candidate's traffic away and tells each rung. The first line is sent before anything is done: a
// caller who does not get it, and so writes alone, must not find the runner writing as well.
func (s *server) rollback(w http.ResponseWriter, r *http.Request) {
	p, err := peerOf(r, s.host)
	if err != nil {
		refuse(w, err)
		return
	}
	b, err := body(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	var q RollbackRequest
	if err := json.Unmarshal(b, &q); err != nil { // not strict: a newer console may say more
		refuse(w, fmt.Errorf("rollback: %s: %w", sources.Visible(err.Error()), sources.ErrInvalid))
		return
	}
	svc, err := s.host.Service(q.Service)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	t := &teller{out: &lineWriter{w: w, control: http.NewResponseController(w)}, now: s.now}
	defer t.out.close()
	if t.tell(RollbackStep{Rung: sources.RungNone.String(), Text: "the runner took the rollback of " + sources.Visible(q.Service)}) != nil || r.Context().Err() != nil {
		return
	}
	reader := svc.Frames()
	k := s.take(p, q, svc)
	if k.err != nil {
		_ = t.fail(k.err)
		return
	}
	t.follow(r.Context(), reader, k)
}

// take begins a rollback, or finds the one that was begun under the same id by the same user.
func (s *server) take(p Peer, q RollbackRequest, svc Service) *taken {
	k := &taken{begun: make(chan struct{})}
	if q.ID != "" {
		name := fmt.Sprintf("%d %s %s", p.UID, q.Service, q.ID)
		s.mu.Lock()
		old := s.taken[name]
		if old == nil {
			s.remember(name, k)
		}
		s.mu.Unlock()
		if old != nil {
			<-old.begun
			return old
		}
	}
	defer close(k.begun)
	k.first, k.err = begin(s.ctx, p, q, svc)
	k.intent = k.first.IntentID
	return k
}

// remember keeps a rollback's name. The caller holds the lock.
func (s *server) remember(name string, k *taken) {
	s.taken[name] = k
	if s.order = append(s.order, name); len(s.order) > mostTaken {
		delete(s.taken, s.order[0])
		s.order = s.order[1:]
	}
}

// begin previews and does in one go: whoever rolls back has confirmed.
func begin(ctx context.Context, p Peer, q RollbackRequest, svc Service) (sources.Progress, error) {
	op, err := svc.Operator(p)
	if err != nil {
		return sources.Progress{}, err
	}
	pre, err := op.Preview(ctx, sources.Action{Service: q.Service, Verb: sources.RollBack, Reason: q.Reason})
	if err != nil {
		return sources.Progress{}, err
	}
	if pre.Confirm.Refuse != "" {
		return sources.Progress{}, fmt.Errorf("rollback %s: %s: %w", sources.Visible(q.Service), pre.Confirm.Refuse, sources.ErrDenied)
	}
	return op.Do(ctx, pre.ID, pre.Confirm.Word)
}

// teller tells a rollback's rungs, each once.
type teller struct {
	out   *lineWriter
	now   func() time.Time
	told  int
	alarm string
}

func (t *teller) tell(s RollbackStep) error {
	s.Version = RollbackVersion
	if s.At.IsZero() {
		s.At = t.now()
	}
	s.At = s.At.UTC()
	b, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return t.out.write(append(b, '\n'))
}

// fail tells that it is over and why.
func (t *teller) fail(err error) error {
	s := RollbackStep{Rung: sources.RungNone.String(), Text: "refused", Done: true, Error: sources.Visible(err.Error())}
	if f := faultOf(err); len(f.Kinds) > 0 {
		s.Kind = f.Kinds[0]
	}
	return t.tell(s)
}

// follow tells what the frames say of the rollback until it is over, or the caller hangs up; it goes on all the same.
func (t *teller) follow(ctx context.Context, r Reader, k *taken) {
	over, err := t.progress(k.first)
	for !over && err == nil {
		f, next := r.Next(ctx)
		if next != nil {
			return
		}
		for _, p := range f.Actions {
			if p.IntentID == k.intent {
				over, err = t.progress(p)
			}
		}
	}
}

// progress tells what is new.
func (t *teller) progress(p sources.Progress) (over bool, err error) {
	for _, r := range p.Rungs[min(t.told, len(p.Rungs)):] {
		s := RollbackStep{At: r.At, Rung: r.Rung.String(), Text: p.Means(r), Done: r.Rung >= sources.Observed}
		if err := t.tell(s); err != nil || s.Done {
			return true, err
		}
		t.alarm = ""
	}
	t.told = max(t.told, len(p.Rungs))
	text := alarmed(p)
	if kind := sources.Uncounted(text); kind != t.alarm && text != "" { // a frame that is older than the answer has none yet
		t.alarm = kind
		err = t.tell(RollbackStep{Rung: p.Rung.String(), Text: text})
	}
	if !p.Done || err != nil {
		return false, err
	}
	s := RollbackStep{Rung: p.Rung.String(), Text: "nothing more is tried", Done: true}
	if f := faultOf(p.Err); f != nil {
		s.Error = f.Text
		if len(f.Kinds) > 0 {
			s.Kind = f.Kinds[0]
		}
	}
	return true, t.tell(s)
}

// alarmed is what is wrong and what to do about it. Where it is over with an error, that is told with the last step, and only
// what to do stands before it.
func alarmed(p sources.Progress) string {
	switch {
	case p.Done && p.Err != nil && p.Next != "":
		return "what to do: " + p.Next
	case p.Done && p.Err != nil:
		return ""
	case p.Alarm != "" && p.Next != "":
		return p.Alarm + " (" + p.Next + ")"
	}
	return p.Alarm
}
