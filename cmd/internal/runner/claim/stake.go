package claim

import (
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"rampart/cmd/internal/runner/lease"
)

// again is how often a name is tried that another process has not let go.
const again = 200 * time.Millisecond

// stake is one name as this process has it: bound, or waited for while a holder that does not answer has it.
type stake struct {
	key    string
	who    lease.Holder
	may    func(lease.Holder, Peer) error
	shares int // how many claims of this process it is in

	mu   sync.Mutex
	main *door
	heir *door         // while the name itself is waited for
	late []*caller     // who was asked to let go and has not answered
	last lease.Holder  // whom the name itself is waited for from
	lost *lease.Holder // to whom it was let go
	stop context.CancelFunc
}

// held is nil while the name is this process's, and who has it otherwise. It hears first who has called.
func (s *stake) held() *lease.Holder {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range []*door{s.main, s.heir} {
		if d == nil || s.lost != nil {
			continue
		}
		if by := d.look(); by != nil {
			s.lost = by
		}
	}
	if s.lost != nil {
		s.quit()
	}
	return s.lost
}

// waits are those who have not let go yet.
func (s *stake) waits() []lease.Holder {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []lease.Holder
	if s.lost != nil {
		return nil
	}
	for _, c := range s.late {
		out = append(out, c.by)
	}
	if len(out) == 0 && s.stop != nil && s.main == nil {
		out = append(out, s.last)
	}
	return out
}

// quit gives back what there is and waits for nothing more. The lock is held.
func (s *stake) quit() {
	if s.stop != nil {
		s.stop()
	}
	for _, d := range []*door{s.main, s.heir} {
		if d != nil {
			d.close()
		}
	}
}

func (s *stake) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.quit()
}

// linger waits for the name beside those who were asked for it and do not answer. Their requests stay open until then: what
// they say when they wake up counts.
func (s *stake) linger(asked []*caller) {
	ctx, stop := context.WithCancel(context.Background())
	s.late, s.last, s.stop = asked, asked[0].by, stop
	go func() {
		defer func() { // what is asked ends with the waiting
			stop()
			for _, c := range s.asleep() {
				c.close()
			}
		}()
		tick := time.NewTicker(again)
		defer tick.Stop()
		for free := 0; !s.through(); {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			for _, c := range s.asleep() {
				s.heed(c)
			}
			if !s.enter() && len(s.asleep()) == 0 {
				free++
			}
			if free > tries {
				free = 0
				s.yield(ctx)
			}
		}
	}()
}

// through tells whether nothing is to be waited for any more.
func (s *stake) through() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lost != nil || s.main != nil && len(s.late) == 0
}

func (s *stake) asleep() []*caller {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.late)
}

// heed hears what somebody says who was asked and did not answer. Who wakes up and does not let go to this process has it.
func (s *stake) heed(c *caller) {
	l, err := c.hear(time.Now().Add(again / 10))
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && l.Refused != "" && !mayEnd(c.peer) && s.lost == nil {
		s.lost = &c.by
		s.quit()
	}
	s.late = slices.DeleteFunc(s.late, func(o *caller) bool { return o == c })
	c.close()
}

// enter takes the name itself if it is free by now, and gives the heir's back.
func (s *stake) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost != nil || s.main != nil {
		return true
	}
	name, heir := nameOf(s.key)
	d, err := open(name, s.who, s.may)
	if err != nil {
		if s.heir == nil { // somebody had that one, too
			s.heir, _ = open(heir, s.who, s.may)
		}
		return false
	}
	s.main = d
	if s.heir != nil {
		if s.lost = s.heir.look(); s.lost != nil { // it was let go while we came in
			s.quit()
			return true
		}
		s.heir.close()
		s.heir = nil
	}
	return true
}

// yield gives the name up to who came to it while nobody who was asked held it any more. One who was asked, and hung up or
// said what nobody understands, is asked again.
func (s *stake) yield(ctx context.Context) {
	name, _ := nameOf(s.key)
	c, err := ring(ctx, name)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ctx.Err() != nil || errors.Is(err, errFree) || s.lost != nil:
		c.close()
	case !c.through(), c.by.PID == s.last.PID && c.by.User == s.last.User:
		if c.through() && c.ask(s.who) == nil {
			s.late = append(s.late, c)
			return
		}
		c.close()
	default:
		c.close()
		s.lost = &c.by
		s.quit()
	}
}
