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
	page, err := svc.Logs(r.Context(), q.Logs)
	answer(w, pages, &page, err)
}

func (s *server) line(w http.ResponseWriter, r *http.Request) {
	svc, err := s.host.Service(r.URL.Query().Get("service"))
	if err != nil {
		refuse(w, err)
		return
	}
	l, err := svc.Line(r.Context(), r.URL.Query().Get("id"))
	answer(w, lines, &l, err)
}

func (s *server) refresh(w http.ResponseWriter, r *http.Request) {
	_, svc, err := s.heard(w, r)
	if err == nil {
		err = svc.Refresh(r.Context())
	}
	done(w, err)
}
