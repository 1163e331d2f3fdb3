package dossier

import "encoding/json"

// MostStrata is how many strata a block may have: with more, each holds too little to say anything.
const MostStrata = 16

// Stratum is a part of a block's requests in which the arms are compared by themselves, as one route.
type Stratum struct {
	Key               string
	Legacy, Candidate Arm
}

// AddStratum gives the block one more stratum with empty counts, in room that earlier blocks left behind where it can.
func (h *Header) AddStratum(b *Block, key string) *Stratum {
	s := h.grow(b)
	s.Key = key
	return s
}

func (h *Header) grow(b *Block) *Stratum {
	n := len(b.Strata)
	if n < cap(b.Strata) {
		b.Strata = b.Strata[:n+1]
	} else {
		b.Strata = append(b.Strata, Stratum{})
	}
	s := &b.Strata[n]
	if len(s.Legacy.Counts) != len(h.Measures) {
		s.Legacy, s.Candidate = h.newArm(), h.newArm()
	}
	s.Legacy.clear()
	s.Candidate.clear()
	return s
}

// checkStrata tells the first thing that is wrong with a block's strata.
func (h *Header) checkStrata(b *Block) error {
	if len(b.Strata) > MostStrata {
		return bad("strata", "%d of them: want at most %d", len(b.Strata), MostStrata)
	}
	for i := range b.Strata {
		s := &b.Strata[i]
		if i > 0 && s.Key <= b.Strata[i-1].Key {
			return bad("strata", "%q after %q: want ascending keys", s.Key, b.Strata[i-1].Key)
		}
		if h.checkArm("", &s.Legacy) != nil {
			return h.checkArm("strata."+s.Key+".legacy", &s.Legacy) // now with its name, which costs memory
		}
		if h.checkArm("", &s.Candidate) != nil {
			return h.checkArm("strata."+s.Key+".candidate", &s.Candidate)
		}
	}
	for i := range h.Measures {
		if err := h.checkSum(b, i, "legacy", &b.Legacy, func(s *Stratum) *Arm { return &s.Legacy }); err != nil {
			return err
		}
		if err := h.checkSum(b, i, "candidate", &b.Candidate, func(s *Stratum) *Arm { return &s.Candidate }); err != nil {
			return err
		}
	}
	return nil
}

// checkSum holds the strata of a measure that is split against the arm.
func (h *Header) checkSum(b *Block, measure int, name string, arm *Arm, side func(*Stratum) *Arm) error {
	if !b.Split(measure) {
		return nil
	}
	var left Counts
	if arm.Scraped && arm.Counts[measure].Known {
		left = arm.Counts[measure]
	}
	for i := range b.Strata {
		if a := side(&b.Strata[i]); a.Scraped && a.Counts[measure].Known {
			left.Requests -= a.Counts[measure].Requests
			left.Errors -= a.Counts[measure].Errors
		}
	}
	if left.Requests != 0 || left.Errors != 0 {
		return bad("strata", "%s of the %s do not add up to the arm's", h.Measures[measure].Name, name)
	}
	return h.checkCells(b, measure, name, arm, side)
}

func (h *Header) checkCells(b *Block, measure int, name string, arm *Arm, side func(*Stratum) *Arm) error {
	for k := range arm.Counts[measure].Cells {
		left := int64(0)
		if arm.Scraped && arm.Counts[measure].Known {
			left = arm.Counts[measure].Cells[k]
		}
		for i := range b.Strata {
			if a := side(&b.Strata[i]); a.Scraped && a.Counts[measure].Known {
				left -= a.Counts[measure].Cells[k]
			}
		}
		if left != 0 {
			return bad("strata", "cell %d of the %s's %s does not add up to the arm's", k, name, h.Measures[measure].Name)
		}
	}
	return nil
}

// Split tells whether a measure, by its place in the header, is counted in the block's strata.
func (b *Block) Split(measure int) bool {
	for i := range b.Strata {
		for _, a := range [...]*Arm{&b.Strata[i].Legacy, &b.Strata[i].Candidate} {
			if a.Scraped && a.Counts[measure].Known {
				return true
			}
		}
	}
	return false
}

// strata reads the strata of a usual line; an empty object holds none.
func (l *layout) strata(c *cursor, b *Block) bool {
	if !c.byte('{') {
		return false
	}
	if c.byte('}') {
		return true
	}
	for {
		k, ok := c.key()
		n := len(b.Strata)
		if !ok || n >= MostStrata || n > 0 && string(k) <= b.Strata[n-1].Key {
			return false
		}
		s := l.header.grow(b)
		if s.Key != string(k) {
			s.Key = string(k)
		}
		if !c.byte('{') || !c.word(`"legacy"`) || !c.byte(':') || !l.arm(c, &s.Legacy) || !c.byte(',') ||
			!c.word(`"candidate"`) || !c.byte(':') || !l.arm(c, &s.Candidate) || !c.byte('}') {
			return false
		}
		if !c.byte(',') {
			return c.byte('}')
		}
	}
}

// slowStrata reads strata by encoding/json and words what is wrong with them.
func (l *layout) slowStrata(raw json.RawMessage, b *Block) error {
	return members("strata.", raw, func(key string, value json.RawMessage) error {
		if len(b.Strata) >= MostStrata {
			return bad("strata", "want at most %d", MostStrata)
		}
		s, at := l.header.AddStratum(b, key), "strata."+key
		var seen fields
		err := members(at+".", value, func(name string, value json.RawMessage) error {
			switch name {
			case "legacy":
				seen |= sawLegacy
				return l.slowArm(at+".legacy", value, &s.Legacy)
			case "candidate":
				seen |= sawCandidate
				return l.slowArm(at+".candidate", value, &s.Candidate)
			}
			return bad(at+"."+name, "no such field in a stratum")
		})
		if err == nil && !seen.has(sawLegacy|sawCandidate) {
			err = bad(at, "want legacy and candidate; null says that an arm was not scraped")
		}
		return err
	})
}

func appendStrata(dst []byte, h *Header, strata []Stratum) []byte {
	if len(strata) == 0 {
		return dst
	}
	for i := range strata {
		dst = append(dst, [2]string{`,`, `,"strata":{`}[btoi(i == 0)]...)
		dst = append(AppendString(dst, strata[i].Key), `:{"legacy":`...)
		dst = appendArm(dst, h, &strata[i].Legacy)
		dst = append(appendArm(append(dst, `,"candidate":`...), h, &strata[i].Candidate), '}')
	}
	return append(dst, '}')
}
