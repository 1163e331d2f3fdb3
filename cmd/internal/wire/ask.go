package wire

import (
	"encoding/json"
	"net/http"
	"strconv"

	"rampart/analysis/frame"
)

func (s *server) greeting() Hello {
	h := s.host.Hello()
	h.Wire, h.Now = Shape(), s.now().UTC()
	return h
}

func (s *server) hello(w http.ResponseWriter, _ *http.Request) {
	b, _ := json.Marshal(s.greeting()) // strings and a time of ours
	send(w, http.StatusOK, append(b, '\n'))
}

func (s *server) services(w http.ResponseWriter, _ *http.Request) {
	list := s.host.Services()
	answer(w, lists, &list, nil)
}

// logs answers a page: of a query in the body, or of the few words that fit an address.
func (s *server) logs(w http.ResponseWriter, r *http.Request) {
	var svc Service
	var err error
	q := &request{}
	if v := r.URL.Query(); r.Method == http.MethodGet {
		q.Logs = frame.LogsQuery{Match: v.Get("match"), Limit: 200}
		if n, bad := strconv.Atoi(v.Get("limit")); bad == nil {
			q.Logs.Limit = n
		}
		svc, err = s.host.Service(v.Get("service"))
	} else {
		q, svc, err = s.heard(w, r)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	if q.Logs.Bare && !s.mayBare(r, q.Service) {
		refuse(w, noLeave(q.Service))
		return
	}
	page, err := svc.Logs(r.Context(), q.Logs)
	answer(w, pages, &page, err)
}

func (s *server) line(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("service")
	svc, err := s.host.Service(name)
	if err != nil {
		refuse(w, err)
		return
	}
	read := svc.Line
	if s.mayBare(r, name) {
		read = svc.BareLine
	}
	l, err := read(r.Context(), r.URL.Query().Get("id"))
	answer(w, lines, &l, err)
}

// seek answers with the nearest line that is asked for. What is searched are masked lines, for everybody.
func (s *server) seek(w http.ResponseWriter, r *http.Request) {
	q, svc, err := s.heard(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	q.Logs.Bare = false
	l, err := svc.Seek(r.Context(), q.Logs, q.Seek.From, q.Seek.Newer)
	answer(w, lines, &l, err)
}

func (s *server) refresh(w http.ResponseWriter, r *http.Request) {
	_, svc, err := s.heard(w, r)
	if err == nil {
		err = svc.Refresh(r.Context())
	}
	done(w, err)
}
