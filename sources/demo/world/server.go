package world

import "time"

// Admin is what an operator asked of a server.
type Admin uint8

// The administrative states; the zero value serves.
const (
	AdminReady Admin = iota
	AdminDrain
	AdminMaint
)

// Checks as the balancer's file sets them: every two seconds, three failures take a server down, two successes bring it back.
const (
	CheckEvery = 2 * time.Second
	CheckRise  = 2
	CheckFall  = 3
)

// retries is how often the balancer tries a refused connection again before it answers 503 (HAProxy's default).
const retries = 3

// Server is a pod as the balancer sees it.
type Server struct {
	ID         int
	Name       string
	Port       int
	Track      Track
	Weight     int // as set at run time, 0 to 256
	FileWeight int // as the file has it: a reload returns to it
	Admin      Admin
	Up         bool
	Health     int // 0 to CheckRise+CheckFall-1
	Changed    time.Time
	Checked    bool // since the last reload
	Alive      bool // what the last check saw
	downSince  time.Time
	downFor    time.Duration
	CheckFails int
	Downs      int
	Counters
	pod *Pod
}

// Serves says whether the balancer sends new requests there, weight apart.
func (s *Server) Serves() bool { return s.Up && s.Admin == AdminReady }

// Downtime adds up how long the server has been down.
func (s *Server) Downtime(now time.Time) time.Duration {
	if s.Up {
		return s.downFor
	}
	return s.downFor + now.Sub(s.downSince)
}

// check looks at the pod and moves the server's health as HAProxy does: one failure costs a point, the last but Rise takes it down.
func (s *Server) check(now time.Time) {
	s.Checked, s.Alive = true, s.pod.Up()
	const full = CheckRise + CheckFall - 1
	switch {
	case s.Alive && s.Up:
		s.Health = full
	case s.Alive:
		if s.Health++; s.Health >= CheckRise {
			s.Health = full
			s.turn(true, now)
		}
	case s.Up:
		s.CheckFails++
		if s.Health--; s.Health < CheckRise {
			s.Health = 0
			s.Downs++
			s.turn(false, now)
		}
	default:
		s.Health = 0
	}
}

// turn brings the server up or down.
func (s *Server) turn(up bool, now time.Time) {
	if s.Up == up {
		return
	}
	s.Up, s.Changed = up, now
	if up {
		s.downFor += now.Sub(s.downSince)
		return
	}
	s.downSince = now
}

// ask puts the server into an administrative state.
func (s *Server) ask(a Admin, now time.Time) {
	if s.Admin == a {
		return
	}
	left := s.Admin
	s.Admin, s.Changed = a, now
	switch {
	case a == AdminMaint:
		s.turn(false, now)
	case left == AdminMaint:
		s.Health = CheckRise
		s.turn(true, now)
	}
}

// Counters is what the balancer counts about a server or about all of them.
type Counters struct {
	Sessions     int // stot: connections tried, retries included
	Balanced     int // lbtot: requests given to it
	Codes        [6]int
	ConnErrors   int
	RespErrors   int
	Retries      int
	BytesIn      int
	BytesOut     int
	Rate         int // sessions in the last full second
	RateMax      int
	LastSession  time.Time
	ResponseTime float64 // milliseconds, over about the last 1024 requests
	TotalTime    float64
	MaxResponse  float64
	current      int
}

// answered counts one response that the server gave.
func (c *Counters) answered(code int, took time.Duration, at time.Time) {
	c.Sessions++
	c.Balanced++
	c.current++
	c.Codes[min(code/100, 6)-1]++
	c.BytesIn += 412
	c.BytesOut += 3180
	c.LastSession = at
	ms := float64(took) / float64(time.Millisecond)
	c.ResponseTime += (ms - c.ResponseTime) / 1024
	c.TotalTime += (ms + 1 - c.TotalTime) / 1024
	c.MaxResponse = max(c.MaxResponse, ms)
}

// tick closes a second.
func (c *Counters) tick() {
	c.Rate, c.RateMax, c.current = c.current, max(c.RateMax, c.current), 0
}
