package logtmpl

// signatures maps the hash of a line's normal form to its group, in bounded memory: when the young half is full it
// becomes the old one, and what was not asked for since is forgotten. Forgetting costs time, never a wrong answer.
type signatures struct {
	young, old []signature
	used, most int
}

type signature struct {
	hash uint64
	g    *group
}

const firstSignatures = 256

func newSignatures(most int) signatures {
	n := firstSignatures
	for n < most {
		n *= 2
	}
	return signatures{young: make([]signature, firstSignatures), most: n}
}

// find returns the group of a hash that still stands, nil when none is known.
func (s *signatures) find(hash uint64) *group {
	mask := uint64(len(s.young) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		e := &s.young[i]
		if e.hash == hash && e.g != nil {
			if e.g.into == nil && !e.g.gone {
				return e.g
			}
			e.g = e.g.standing()
			return e.g.unlessGone()
		}
		if e.g == nil {
			return s.findOld(hash)
		}
	}
}

func (s *signatures) findOld(hash uint64) *group {
	if len(s.old) == 0 {
		return nil
	}
	mask := uint64(len(s.old) - 1)
	for i := hash & mask; s.old[i].g != nil; i = (i + 1) & mask {
		if s.old[i].hash == hash {
			g := s.old[i].g.standing().unlessGone()
			if g != nil {
				s.put(hash, g)
			}
			return g
		}
	}
	return nil
}

// put stores the group of a hash, over an older answer if there is one.
func (s *signatures) put(hash uint64, g *group) {
	if s.used*2 >= len(s.young) {
		s.turn()
	}
	mask := uint64(len(s.young) - 1)
	i := hash & mask
	for s.young[i].g != nil && s.young[i].hash != hash {
		i = (i + 1) & mask
	}
	if s.young[i].g == nil {
		s.used++
	}
	s.young[i] = signature{hash, g}
}

// turn makes room: by growth while that is allowed, by ageing after.
func (s *signatures) turn() {
	full := s.young
	s.used = 0
	if len(full) >= s.most {
		if s.old == nil {
			s.old = make([]signature, len(full))
		}
		s.young, s.old = s.old, full
		clear(s.young)
		return
	}
	s.young = make([]signature, 2*len(full))
	for _, e := range full {
		if e.g != nil {
			s.put(e.hash, e.g)
		}
	}
}
