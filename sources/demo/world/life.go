package world

import "time"

// populate makes the pods and their servers; the stable ones have run for days.
func (w *World) populate() {
	w.router = &Router{
		Frontend: "fe_ranker", Backend: "be_ranker", PID: 4242, SlowStart: w.spec.SlowStart,
		Started: w.now.Add(-26 * time.Hour),
	}
	reg := &registry{}
	add := func(track Track, fleet *Fleet, port int) {
		for i := range fleet.Pods {
			p := newPod(reg, w.spec.Service, track, i+1, port, w.features)
			p.index = len(w.pods)
			w.pods = append(w.pods, p)
			w.router.servers = append(w.router.servers, &Server{
				ID: len(w.pods), Name: p.Name, Port: port + i, Track: track, Weight: fleet.Weight, FileWeight: fleet.Weight, pod: p,
				Up: track == Stable, Health: CheckRise + CheckFall - 1, Changed: w.router.Started, downSince: w.router.Started,
			})
		}
	}
	add(Stable, &w.spec.Stable, 8100)
	add(Canary, &w.spec.Canary, 8200)
	m := w.spec.Stable.Model
	for i, p := range w.pods {
		if p.Track == Stable {
			p.start(&m, w.now.Add(-time.Duration(50+i)*time.Hour))
		}
	}
	w.labels = newLateLabels(w.spec.LabelDelay, len(w.pods))
}

// age lets a process live one second: it may leak, die, and come back.
func (w *World) age(p *Pod, now time.Time) {
	s := w.bend.strain(p.Track)
	switch {
	case !p.Running():
	case !p.Up():
		if !now.Before(p.until) {
			p.start(p.model, now)
			w.write(&Line{At: now, Cause: Started, Pod: p})
			w.write(&Line{At: now.Add(900 * time.Millisecond), Cause: Ready, Pod: p})
		}
	case s.CrashEvery > 0 && now.Sub(later(p.started, w.onset)) >= s.CrashEvery+time.Duration(p.index%7)*3*time.Second:
		w.crash(p, now)
	default:
		p.memory.value += s.Leak
	}
}

// crash ends a process; the next start waits longer each time, as a kubelet's back-off does.
func (w *World) crash(p *Pod, now time.Time) {
	w.write(&Line{At: now, Cause: Panicked, Route: Rank, Pod: p})
	w.router.broken(w.router.servers[p.index], now)
	p.until = now.Add(10 * time.Second << min(p.restarts, 3))
	p.restarts++
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// write gives a line its place in the log; most reach the store within two seconds, one in two hundred comes late by up to a minute.
func (w *World) write(l *Line) {
	w.seq++
	l.Seq, l.Model, l.Restarts = w.seq, l.Pod.model, l.Pod.restarts
	lag := 600*time.Millisecond + time.Duration(w.noise.Float64()*float64(1400*time.Millisecond))
	if w.noise.Float64() < .005 {
		lag += time.Duration(5+w.noise.IntN(55)) * time.Second
	}
	l.Ingested = l.At.Add(lag + w.bend.IngestLag)
	w.lines = append(w.lines, *l)
}

// tell writes the outcomes of predictions that stand in the log. It draws no chance: the rest of the world is the same with
// these lines and without.
func (w *World) tell(all []told, at time.Time) {
	for i, o := range all {
		w.seq++
		when := at.Add(time.Duration(i%1000) * time.Millisecond)
		w.lines = append(w.lines, Line{
			Seq: w.seq, Of: o.of, Clicked: o.clicked, At: when, Ingested: when.Add(1500*time.Millisecond + w.bend.IngestLag), Cause: Outcome, Pod: o.pod, Model: o.pod.model,
		})
	}
}
