package wire

import (
	"net/http"
	"time"
)

// frames streams a service's frames to one console: who it is, then the newest frame on every change, and a beat on
// every silence. A console that does not read in time loses its connection.
func (s *server) frames(w http.ResponseWriter, r *http.Request) {
	p, err := peerOf(r, s.host)
	if err != nil {
		refuse(w, err)
		return
	}
	h, err := s.hub(r.URL.Query().Get("service"))
	if err != nil {
		refuse(w, err)
		return
	}
	session := h.service.Session(p)
	who, err := sessions.encode(&session)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	out := &lineWriter{w: w, control: http.NewResponseController(w)}
	if out.write(append(append([]byte(sessionPrefix), who...), "}\n"...)) != nil {
		return
	}
	st, leave := h.enter(s.ctx)
	defer leave()
	s.follow(r, st, out)
}

// follow writes lines until the console or the runner goes away.
func (s *server) follow(r *http.Request, st *stage, out *lineWriter) {
	tick := time.NewTicker(Beat)
	defer tick.Stop()
	var seen uint64
	for {
		line, seq, fresh := st.newest()
		if seq == seen {
			select {
			case <-r.Context().Done():
				if s.ctx.Err() != nil {
					_ = out.write(faultLine(lost())) // best effort: the connection ends
				}
				return
			case <-fresh:
				continue
			case <-tick.C:
				line = beatLine(s.now(), seq)
			}
		}
		seen = seq
		if out.write(line) != nil {
			return
		}
	}
}

// lineWriter sends whole lines at once, each within [Patience].
type lineWriter struct {
	w       http.ResponseWriter
	control *http.ResponseController
}

// Write sends what is given at once, as [io.Writer] has it.
func (l *lineWriter) Write(b []byte) (int, error) {
	if err := l.write(b); err != nil {
		return 0, err
	}
	return len(b), nil
}

func (l *lineWriter) write(line []byte) error {
	if err := l.control.SetWriteDeadline(time.Now().Add(Patience)); err != nil {
		return err
	}
	if _, err := l.w.Write(line); err != nil {
		return err
	}
	return l.control.Flush()
}

// close gives the connection back without a deadline, for another request.
func (l *lineWriter) close() { _ = l.control.SetWriteDeadline(time.Time{}) }
