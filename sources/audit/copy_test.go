package audit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"rampart/sources"
)

// collector takes copies, or refuses them.
type collector struct {
	mu   sync.Mutex
	got  []Copy
	fail func(Copy) error
	told chan struct{} // knocked at each try
}

func newCollector() *collector { return &collector{told: make(chan struct{}, 1<<16)} }

func (*collector) Name() string { return "collector" }

func (c *collector) Copy(_ context.Context, one Copy) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer func() { c.told <- struct{}{} }()
	if c.fail != nil {
		if err := c.fail(one); err != nil {
			return err
		}
	}
	c.got = append(c.got, one)
	return nil
}

func (c *collector) failing(f func(Copy) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail = f
}

// texts waits until so many copies came and returns their texts.
func (c *collector) texts(t *testing.T, n int) []string {
	t.Helper()
	for {
		c.mu.Lock()
		got := slices.Clone(c.got)
		c.mu.Unlock()
		if len(got) >= n {
			var out []string
			for _, one := range got {
				out = append(out, one.Entry.Text)
			}
			return out
		}
		select {
		case <-c.told:
		case <-t.Context().Done():
			t.Fatalf("%d copies came, %d were waited for", len(got), n)
		}
	}
}

// copying runs a copier until the test or the returned function ends it.
func copying(t *testing.T, path string, to Receiver) (stop func()) {
	t.Helper()
	c, err := NewCopier(CopierConfig{Path: path, To: to, Now: time.Now, Every: time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { c.Run(ctx) })
	stop = sync.OnceFunc(func() { cancel(); wg.Wait() })
	t.Cleanup(stop)
	return stop
}

func TestCopier_SendsEachEntryOnceInTheJournalsOrderWithItsHash(t *testing.T) {
	j, path := written(t, 2) // before anybody listened
	to := newCollector()
	stop := copying(t, path, to)
	j.RotateAt(2000) // the copier follows into the next files
	var want []string
	for i := range 40 {
		want = append(want, add(t, j, fmt.Sprintf("new %d", i)).Text)
	}
	if got := to.texts(t, 40); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	stop()
	if full, _ := segmentsOf(path); len(full) < 3 {
		t.Fatalf("it was rotated into %d files: nothing is tested", len(full))
	}
	prev := ""
	for _, one := range to.got {
		e, err := decode(one.Line)
		if err != nil || e.Hash != one.ID || prev != "" && e.Prev != prev {
			t.Fatalf("%s: %v: the chain does not hold in what was copied", one.Line, err)
		}
		prev = e.Hash
	}
}

func TestCopier_SendsWhatAReceiverMissedWhenItIsBackAlsoInAnotherProcess(t *testing.T) {
	j, path := written(t, 0)
	to := newCollector()
	to.failing(func(Copy) error { return &sources.Error{Op: "copy", Kind: sources.ErrUnreachable} })
	stop := copying(t, path, to)
	for i := range 3 {
		add(t, j, fmt.Sprint(i)) // a receiver that is away has no part in this
	}
	<-to.told // it was tried, and refused
	stop()
	if n, known, err := Behind(path, to.Name()); n != 3 || !known || err != nil {
		t.Errorf("%d behind, %v, %v", n, known, err)
	}
	add(t, j, "3")
	to.failing(nil)
	copying(t, path, to)
	add(t, j, "4")
	if got := to.texts(t, 5); !slices.Equal(got, []string{"0", "1", "2", "3", "4"}) {
		t.Errorf("got %q", got)
	}
}

func TestCopier_TellsHowManyItDidNotSend(t *testing.T) {
	j, path := written(t, 0)
	to := newCollector()
	to.failing(func(c Copy) error {
		if c.Entry.Text == "refused" {
			return &sources.Error{Op: "copy", Kind: sources.ErrInvalid, Cause: errors.New("status 400")}
		}
		return nil
	})
	copying(t, path, to)
	for _, text := range []string{"first", "refused", "refused", "last"} {
		add(t, j, text)
	}
	gap := "1 entries before this one were not copied; the journal has them"
	if got := to.texts(t, 4); !slices.Equal(got, []string{"first", gap, gap, "last"}) {
		t.Errorf("got %q", got)
	}
}

func TestCopier_PassesOverWhatIsTooOldToBeSentAndSaysSo(t *testing.T) {
	at := cursor{link: link{5, origin.hash}}
	if !at.catchUp(link{mostBehind + 25, "x"}) || at.missed != 20 || at.seq != 25 {
		t.Errorf("%+v", at)
	}
	if at.catchUp(link{mostBehind + 25, "x"}) || at.missed != 20 {
		t.Errorf("passed over twice: %+v", at)
	}
	if !at.catchUp(link{3, "x"}) || at.seq != 0 {
		t.Errorf("a journal that was taken back: %+v", at)
	}
}

func TestCopier_GoesOnBehindALineThatIsBroken(t *testing.T) {
	j, path := written(t, 0)
	to := newCollector()
	copying(t, path, to)()
	add(t, j, "before")
	add(t, j, "broken")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	copy(b[len(b)-9:], "!!!!!!!!\n")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	add(t, j, "after")
	copying(t, path, to)
	got := to.texts(t, 4) // the journal itself remarks on it as well
	if got[0] != "before" || got[1] != "1 entries before this one were not copied; the journal has them" || got[3] != "after" {
		t.Errorf("got %q", got)
	}
}

func TestCopier_IsOnlyOneAtATime(t *testing.T) {
	j, path := written(t, 0)
	one, two := newCollector(), newCollector()
	first, err := NewCopier(CopierConfig{Path: path, To: one, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	second, err := NewCopier(CopierConfig{Path: path, To: two, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	add(t, j, "once")
	for _, c := range []*Copier{first, second} {
		if err := c.pass(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	first.giveBack()
	if err := second.pass(t.Context()); err != nil || len(one.got) != 1 || len(two.got) != 0 {
		t.Errorf("%v: sent %d times and %d times", err, len(one.got), len(two.got))
	}
}

func TestAppend_HasNoPartInCopying(t *testing.T) {
	j, path := written(t, 0)
	stuck, asked := make(chan struct{}), make(chan struct{}, 1)
	to := newCollector()
	to.fail = func(Copy) error {
		asked <- struct{}{}
		<-stuck
		return nil
	}
	stop := copying(t, path, to)
	add(t, j, "0")
	<-asked // the receiver has it and does not answer
	for i := range 20 {
		add(t, j, fmt.Sprint(i+1)) // each returns while the receiver is stuck, or this never ends
	}
	if err := os.Remove(cursorPath(filepath.Clean(path), to.Name())); err != nil { // nothing of it is needed
		t.Fatal(err)
	}
	add(t, j, "last")
	to.fail = nil
	close(stuck)
	stop()
}
