package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources"
)

func opened(t *testing.T, c Config) *Plane {
	t.Helper()
	p, err := New(c, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	p.see = obeyed()
	return p
}

func planned(t *testing.T, p *Plane, in sources.Intent) sources.Change {
	t.Helper()
	in.ID = "mine"
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Plan(t.Context(), r, in)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func text(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func up() sources.Intent       { return sources.Intent{Verb: sources.SetSplit, To: sources.Whole / 5} }
func rollBack() sources.Intent { return sources.Intent{Verb: sources.RollBack} }

func TestApply_PutsTheOldContentBackWhenTheCheckRefuses(t *testing.T) {
	c := example(t, "split.conf")
	ran := filepath.Join(t.TempDir(), "reloaded")
	c.Check, c.Reload = []string{"sh", "-c", "echo 'emerg: \x1b[1mbad' >&2; exit 1"}, []string{"touch", ran}
	before := text(t, c.Path)
	p := opened(t, c)
	rc, err := p.Apply(t.Context(), planned(t, p, up()))
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), `emerg: \x1b[1mbad; the old content was put back`) {
		t.Errorf("said %v", err)
	}
	if text(t, c.Path) != before || len(rc.Answer) != 3 {
		t.Errorf("%d answers, the file is\n%s", len(rc.Answer), text(t, c.Path))
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("it was reloaded all the same")
	}
}

func TestApply_PutsTheOldContentBackWhenTheReloadFailsAndNeverInARollback(t *testing.T) {
	c := example(t, "split.conf")
	c.Reload = []string{"sh", "-c", "echo 'no master' >&2; exit 1"}
	before := text(t, c.Path)
	p := opened(t, c)
	if _, err := p.Apply(t.Context(), planned(t, p, up())); !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "no master; the old content was put back") || text(t, c.Path) != before {
		t.Errorf("ramping up: %v", err)
	}
	rc, err := p.Apply(t.Context(), planned(t, p, rollBack()))
	if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "nothing for the candidate and stays so") {
		t.Errorf("rolling back: %v", err)
	}
	out, err := p.Confirm(t.Context(), rc)
	if err != nil || out.Rung != sources.Sent || out.Reading.Configured.Known || out.Reading.Effective.Known || out.Reading.File.Candidate != 0 {
		t.Errorf("%v of %v, %v", out.Rung, out.Reading.Effective, err)
	}
	again := planned(t, p, rollBack())
	if again.NoOp || len(again.Writes) != 2 || again.Writes[1].Request != strings.Join(c.Reload, " ") {
		t.Errorf("the next try does %v", again.Writes)
	}
	p.conf.Reload = []string{"true"}
	if rc, err = p.Apply(t.Context(), again); err != nil {
		t.Fatal(err)
	}
	if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
}

func TestApply_ThatNginxSignalsWellAndDoesNotTakeIsNotLoaded(t *testing.T) {
	c := example(t, "split.conf")
	before := text(t, c.Path)
	p := opened(t, c)
	p.await = 50 * time.Millisecond
	p.see = func(string) (workers, error) { return workers{7: false, 8: true}, nil } // the same ones, whenever one looks
	if _, err := p.Apply(t.Context(), planned(t, p, up())); !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "took the signal and not the file: after 50ms it still runs with workers [7 8]") || text(t, c.Path) != before {
		t.Errorf("ramping up: %v", err)
	}
	if _, err := p.Apply(t.Context(), planned(t, p, rollBack())); !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "nothing for the candidate and stays so") {
		t.Errorf("rolling back: %v", err)
	}
	if r, err := p.Read(t.Context()); err != nil || r.File.Candidate != 0 || r.Configured.Known || r.Effective.Known {
		t.Errorf("%v of %v, %v", r.Effective, r.Configured, err)
	}
	p.see, p.await = obeyed(), time.Minute
	again := planned(t, p, rollBack())
	if rc, err := p.Apply(t.Context(), again); err != nil || again.NoOp {
		t.Error(err)
	} else if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
}

func TestRead_AfterAWriterWasKilledBeforeItsReloadKnowsNotWhatIsSetUntilARollbackLoadsIt(t *testing.T) {
	c := example(t, "split.conf")
	p := opened(t, c)
	was, err := p.read()
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := flock(t.Context(), p.stampPath())
	if err != nil {
		t.Fatal(err)
	}
	none := was.split.edit(0)
	p.begin(none) // and what a writer does next, before it is killed
	if err := replace(c.Path, none); err != nil {
		t.Fatal(err)
	}
	if r, err := p.Read(t.Context()); err != nil || !r.Configured.Known {
		t.Errorf("while it is at it: %v, %v", r.Configured, err)
	}
	unlock()
	r, err := p.Read(t.Context())
	if err != nil || r.Configured.Known || r.Effective.Known || len(r.Notes) != 1 || !strings.Contains(r.Notes[0].Text.String(), "the file says 0 %: it was written from here and is not known to be loaded") {
		t.Errorf("once it is gone: %v with %v, %v", r.Configured, r.Notes, err)
	}
	again := planned(t, p, rollBack())
	if rc, err := p.Apply(t.Context(), again); err != nil || again.NoOp {
		t.Error(err)
	} else if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
}

func TestRead_OfNginxWithoutItsPidKnowsNotWhatIsLoadedAndARollbackReloadsAgain(t *testing.T) {
	c := example(t, "split.conf")
	c.PID = ""
	p := opened(t, c)
	for range 2 {
		again := planned(t, p, rollBack())
		if again.NoOp {
			t.Fatal("nothing would be done")
		}
		rc, err := p.Apply(t.Context(), again)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Configured || out.Reading.Effective.Known || len(out.Reading.Notes) != 0 {
			t.Errorf("%v with %v, %v", out.Rung, out.Reading.Notes, err)
		}
	}
}

func TestApply_ACheckThatRefusesTheOldContentTooFoundSomebodyElsesError(t *testing.T) {
	c := example(t, "split.conf")
	other := filepath.Join(t.TempDir(), "other.conf")
	c.Check = []string{"sh", "-c", "! test -e " + other + " || { echo 'broken in other.conf:1' >&2; exit 1; }"}
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := text(t, c.Path)
	p := opened(t, c)
	_, err := p.Apply(t.Context(), planned(t, p, up()))
	if !errors.Is(err, sources.ErrInvalid) || !strings.Contains(err.Error(), "broken in other.conf:1; the old content was put back; it refuses that too, so the error is somebody else's (mend what it names") || text(t, c.Path) != before {
		t.Errorf("ramping up: %v", err)
	}
	for range 2 { // as often as it is tried
		rc, err := p.Apply(t.Context(), planned(t, p, rollBack()))
		if !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "nothing for the candidate and stays so") || !strings.Contains(err.Error(), "the error is somebody else's (mend what it names") {
			t.Errorf("rolling back: %v", err)
		}
		if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Sent || out.Reading.Configured.Known || out.Reading.Effective.Known {
			t.Errorf("%v, %v", out.Rung, err)
		}
	}
	if err := os.Remove(other); err != nil {
		t.Fatal(err)
	}
	if rc, err := p.Apply(t.Context(), planned(t, p, rollBack())); err != nil {
		t.Error(err)
	} else if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("once it is mended: %v, %v", out.Rung, err)
	}
}

func TestWorkers_AreRenewedOnceTheOldOnesTakeNothingNew(t *testing.T) {
	before := workers{1: false, 2: true}
	for name, c := range map[string]struct {
		now  workers
		want bool
	}{
		"the same":         {workers{1: false, 2: true}, false},
		"none":             {workers{}, false},
		"both still there": {workers{1: false, 3: false}, false},
		"the first gone":   {workers{2: true, 3: false}, true},
		"on their way":     {workers{1: true, 2: true, 3: false}, true},
		"only leaving":     {workers{1: true, 3: true}, false},
		"all new":          {workers{3: false, 4: false}, true},
	} {
		if c.now.renewed(before) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}

func TestApply_KeepsTheModeAndALinkAndLeavesNothingBehind(t *testing.T) {
	c := example(t, "split.conf")
	link := filepath.Join(t.TempDir(), "enabled.conf")
	if err := os.Symlink(c.Path, link); err != nil {
		t.Fatal(err)
	}
	target := c.Path
	c.Path = link
	p := opened(t, c)
	if _, err := p.Apply(t.Context(), planned(t, p, up())); err != nil {
		t.Fatal(err)
	}
	at, err := os.Lstat(link)
	if err != nil || at.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", at.Mode(), err)
	}
	if info, err := os.Stat(target); err != nil || info.Mode().Perm() != 0o640 || !strings.Contains(text(t, target), "20% candidate;") {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(target), ".*.new")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestApply_WaitsForTheLockAndNoLongerThanItMay(t *testing.T) {
	c := example(t, "split.conf")
	c.Timeout = 100 * time.Millisecond
	p := opened(t, c)
	change := planned(t, p, up())
	unlock, err := flock(context.Background(), p.stampPath())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Apply(t.Context(), change); !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "somebody else holds its lock") {
		t.Errorf("said %v", err)
	}
	unlock()
	p.conf.Timeout = time.Minute
	if _, err := p.Apply(t.Context(), change); err != nil {
		t.Error(err)
	}
}

func TestRead_KnowsWhatIsLoadedOnlyWhileTheFileIsTheOneThatWasReloaded(t *testing.T) {
	c := example(t, "split.conf")
	p := opened(t, c)
	r, err := p.Read(t.Context())
	if err != nil || r.Effective.Known || len(r.Notes) != 1 {
		t.Errorf("before: %v, %v, %v", r.Effective, r.Notes, err)
	}
	if _, err := p.Apply(t.Context(), planned(t, p, up())); err != nil {
		t.Fatal(err)
	}
	other := opened(t, c) // another process of this machine
	if r, err := other.Read(t.Context()); err != nil || !r.Effective.Equal(r.Configured) {
		t.Errorf("after: %v of %v, %v", r.Effective, r.Configured, err)
	}
	if err := os.WriteFile(c.Path, []byte(text(t, c.Path)+"# touched\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	if r, err := p.Read(t.Context()); err != nil || r.Effective.Known {
		t.Errorf("touched: %v, %v", r.Effective, err)
	}
}

func TestPlan_NamesTheSharesAroundOneThatIsTooFine(t *testing.T) {
	p := opened(t, example(t, "split.conf"))
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Plan(t.Context(), r, sources.Intent{Verb: sources.SetSplit, To: 12_345}); !errors.Is(err, sources.ErrUnsupported) || !strings.Contains(err.Error(), "1.2345 % is finer than its steps of 0.01 % (it takes 1.23 % or 1.24 %)") {
		t.Errorf("said %v", err)
	}
}

func TestNew_RefusesAConfigThatCannotWork(t *testing.T) {
	good := Config{Path: "/etc/split.conf", Format: Nginx, Arms: armsNamed([]string{"a"}, []string{"b"})}
	for name, change := range map[string]func(*Config){
		"relative": func(c *Config) { c.Path = "split.conf" },
		"format":   func(c *Config) { c.Format = "apache" },
		"no arm":   func(c *Config) { c.Arms.Legacy = nil },
		"two":      func(c *Config) { c.Arms.Legacy = []string{"a", "c"} },
		"injected": func(c *Config) { c.Arms.Legacy = []string{"a; }"} },
		"same":     func(c *Config) { c.Arms.Legacy = []string{"b"} },
		"timeout":  func(c *Config) { c.Timeout = -1 },
		"pid":      func(c *Config) { c.PID = "/run/nginx.pid" },
	} {
		c := good
		change(&c)
		if _, err := New(c, nil, time.Now); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
