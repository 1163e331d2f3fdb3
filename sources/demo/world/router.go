package world

import (
	"slices"
	"time"
)

// Router is the balancer in front of the pods: which share of the users the canary gets follows from the weights of the servers that serve.
type Router struct {
	Frontend  string
	Backend   string
	PID       int
	Started   time.Time
	SlowStart time.Duration
	Front     Counters
	Back      Counters // of the backend as a whole, with what it answered by itself
	servers   []*Server
}

// Servers lists the backend's servers in the order of its file; they are shared, change them through the Router only.
func (r *Router) Servers() []*Server { return r.servers }

// Server finds a server by name; nil when there is none.
func (r *Router) Server(name string) *Server {
	i := slices.IndexFunc(r.servers, func(s *Server) bool { return s.Name == name })
	if i < 0 {
		return nil
	}
	return r.servers[i]
}

// SetWeight sets a server's weight at run time.
func (r *Router) SetWeight(s *Server, weight int) { s.Weight = min(max(weight, 0), 256) }

// SetAdmin puts a server into maintenance, drains it, or makes it ready.
func (r *Router) SetAdmin(s *Server, a Admin, now time.Time) { s.ask(a, now) }

// Reload starts the balancer anew from its file: run-time weights and states and all counters are gone, the process is another one.
func (r *Router) Reload(now time.Time) {
	r.PID += 7
	r.Started = now
	r.Front, r.Back = Counters{}, Counters{}
	for i, s := range r.servers {
		r.servers[i] = &Server{
			ID: s.ID, Name: s.Name, Port: s.Port, Track: s.Track, FileWeight: s.FileWeight, Weight: s.FileWeight, pod: s.pod,
			Up: true, Health: CheckRise, Changed: now,
		}
	}
}

// Effective gives the weight that works now: a server that came back is warmed up over the slow start (HAProxy's server_recalc_eweight, in sixteenths).
func (r *Router) Effective(s *Server, now time.Time) int {
	return (s.Weight*r.warmth(s, now) + 15) / 16
}

// Throttle gives the percentage of a slow start; ok is false when the server is warm.
func (r *Router) Throttle(s *Server, now time.Time) (percent int, ok bool) {
	w := r.warmth(s, now)
	return 100 * w / 16, w < 16 && s.Serves()
}

func (r *Router) warmth(s *Server, now time.Time) int {
	if r.SlowStart <= 0 || s.Downs == 0 || !s.Up {
		return 16
	}
	return int(min((16*now.Sub(s.Changed)+r.SlowStart-1)/r.SlowStart, 16))
}

// Weights adds up the effective weights of the serving servers of a track.
func (r *Router) Weights(t Track, now time.Time) (sum, serving int) {
	for _, s := range r.servers {
		if s.Track == t && s.Serves() {
			sum += r.Effective(s, now)
			serving++
		}
	}
	return sum, serving
}

// Share gives the canary's true share of new requests: its part of the weights; 0 when nothing serves.
func (r *Router) Share(now time.Time) float64 {
	canary, _ := r.Weights(Canary, now)
	stable, _ := r.Weights(Stable, now)
	if canary+stable == 0 {
		return 0
	}
	return float64(canary) / float64(canary+stable)
}

// settle closes a second: rates are taken, health is checked; each server has its own beat.
func (r *Router) settle(now time.Time) {
	r.Front.tick()
	r.Back.tick()
	for i, s := range r.servers {
		s.tick()
		if s.Admin != AdminMaint && (now.Unix()+int64(i))%int64(CheckEvery/time.Second) == 0 {
			s.check(now)
		}
	}
}

// refused counts a request whose server did not take the connection, retries included; the balancer answers 503 by itself.
func (r *Router) refused(s *Server, at time.Time) {
	if s != nil {
		s.Sessions += 1 + retries
		s.current += 1 + retries
		s.Balanced++
		s.Retries += retries
		s.ConnErrors++
		r.Back.Retries += retries
	}
	r.own(503, at)
	r.Back.ConnErrors++
}

// broken counts a request that was in flight when its server died; the balancer answers 502.
func (r *Router) broken(s *Server, at time.Time) {
	s.Sessions++
	s.Balanced++
	s.current++
	s.RespErrors++
	r.Back.RespErrors++
	r.own(502, at)
}

// own counts an answer that no server gave.
func (r *Router) own(code int, at time.Time) {
	for _, c := range []*Counters{&r.Back, &r.Front} {
		c.answered(code, time.Millisecond, at)
	}
}

// answered counts a response on its way to the user.
func (r *Router) answered(s *Server, code int, took time.Duration, at time.Time) {
	s.answered(code, took, at)
	r.Back.answered(code, took, at)
	r.Front.answered(code, took, at)
}
