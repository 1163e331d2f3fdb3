package world

import "time"

// plan is the balancer's choice for one second, worked out once: requests are many, changes of weights few.
type plan struct {
	share   float64
	servers [trackCount][]*Server
	weights [trackCount][]int
	sums    [trackCount]int
}

// plan lays down who may get requests now and with what weight.
func (r *Router) plan(now time.Time) plan {
	p := plan{share: r.Share(now)}
	for _, s := range r.servers {
		if w := r.Effective(s, now); s.Serves() && w > 0 {
			p.servers[s.Track] = append(p.servers[s.Track], s)
			p.weights[s.Track] = append(p.weights[s.Track], w)
			p.sums[s.Track] += w
		}
	}
	return p
}

// pick chooses the server for a user: the arm by the user's place, the server within it by weight; nil when nothing serves.
func (p *plan) pick(u User, n noise) *Server {
	t := Stable
	if u.Position() < p.share {
		t = Canary
	}
	if p.sums[t] == 0 {
		return nil
	}
	at := n.IntN(p.sums[t])
	for i, w := range p.weights[t] {
		if at -= w; at < 0 {
			return p.servers[t][i]
		}
	}
	return nil
}
