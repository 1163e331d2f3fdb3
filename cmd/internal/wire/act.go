package wire

import (
	"context"
	"net/http"
	"time"

	"rampart/sources"
)

// heard reads a request and finds its service.
func (s *server) heard(w http.ResponseWriter, r *http.Request) (*request, Service, error) {
	b, err := body(w, r)
	if err != nil {
		return nil, nil, err
	}
	q, err := asked.decode(b)
	if err != nil {
		return nil, nil, err
	}
	svc, err := s.host.Service(q.Service)
	return q, svc, err
}

// seat reads a request and finds who acts.
func (s *server) seat(w http.ResponseWriter, r *http.Request) (*request, Operator, error) {
	p, err := peerOf(r, s.host)
	if err != nil {
		return nil, nil, err
	}
	q, svc, err := s.heard(w, r)
	if err != nil {
		return nil, nil, err
	}
	op, err := svc.Operator(p)
	return q, op, err
}

func (s *server) preview(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	var p sources.Preview
	if err == nil {
		p, err = op.Preview(r.Context(), q.Action)
	}
	answer(w, previews, &p, err)
}

// do starts what was previewed. It goes on when the console hangs up: a write is the runner's.
func (s *server) do(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	var p sources.Progress
	if err == nil {
		p, err = op.Do(context.WithoutCancel(r.Context()), q.Preview, q.Word)
	}
	answer(w, progress, &p, err)
}

func (s *server) unlock(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	if err == nil {
		err = op.Unlock(r.Context(), time.Duration(q.Unlock.For), q.Unlock.Reason)
	}
	done(w, err)
}

func (s *server) note(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	if err == nil {
		err = op.Note(r.Context(), q.Note)
	}
	done(w, err)
}

func (s *server) confirm(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	if err == nil {
		err = op.Confirm(r.Context(), q.Confirm)
	}
	done(w, err)
}

func (s *server) approve(w http.ResponseWriter, r *http.Request) {
	q, op, err := s.seat(w, r)
	if err == nil {
		err = op.Approve(r.Context(), q.Approve)
	}
	done(w, err)
}
