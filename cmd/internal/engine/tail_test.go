package engine

import (
	"context"
	"iter"
	"testing"
	"testing/synctest"

	"rampart/sources"
)

// shelf is a journal that knows from where it is read.
type shelf struct {
	all   []sources.Entry
	asked []uint64
	gone  bool
}

func (s *shelf) Append(context.Context, sources.Entry) (sources.Entry, error) {
	return sources.Entry{}, sources.ErrUnsupported
}

func (s *shelf) Entries(_ context.Context, from uint64) iter.Seq2[sources.Entry, error] {
	s.asked = append(s.asked, from)
	return func(yield func(sources.Entry, error) bool) {
		if s.gone && from > 1 {
			yield(sources.Entry{}, sources.ErrInvalid)
			return
		}
		for _, e := range s.all[from-1:] {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestJournal_IsReadOnFromTheNewestEntryAndAnewWhereItIsAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		e := &Engine{cfg: Config{Journal: s}}
		for i := range uint64(120) {
			s.all = append(s.all, sources.Entry{Seq: i + 1})
		}
		e.readJournal(t.Context())
		s.all = append(s.all, sources.Entry{Seq: 121})
		e.readJournal(t.Context())
		if len(e.audit) != 50 || e.audit[0].Seq != 121 || e.audit[49].Seq != 72 {
			t.Errorf("%d entries from %d down", len(e.audit), e.audit[0].Seq)
		}
		s.all, s.gone = s.all[:3], true
		e.readJournal(t.Context())
		e.readJournal(t.Context())
		if len(e.audit) != 3 || e.audit[0].Seq != 3 {
			t.Errorf("%+v of another journal", e.audit)
		}
		if want := []uint64{1, 121, 122, 1}; len(s.asked) != 4 || [4]uint64(s.asked) != [4]uint64(want) {
			t.Errorf("asked from %d, want %d", s.asked, want)
		}
	})
}
