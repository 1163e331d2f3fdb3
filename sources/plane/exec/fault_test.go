package exec

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rampart/sources"
)

// answers is a shell command that answers read properly and apply as told.
func answers(apply string) []string {
	return []string{"sh", "-c", `read -r q
case $q in
*'"call":"caps"'*) echo '{"caps":{}}' ;;
*'"call":"read"'*) echo '{"read":{"candidate_percent":5}}' ;;
*) ` + apply + ` ;;
esac`}
}

func planned(t *testing.T, command []string, timeout time.Duration) (*Plane, sources.Change) {
	t.Helper()
	p, err := New(Config{Command: command, Timeout: timeout}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Plan(t.Context(), r, sources.Intent{ID: "mine", Verb: sources.RollBack})
	if err != nil {
		t.Fatal(err)
	}
	return p, c
}

func TestApply_ThatGotNoProperAnswerHasAnOutcomeThatIsNotKnown(t *testing.T) {
	for name, c := range map[string]struct {
		apply, want string
		kind        error
	}{
		"garbage":        {`echo done`, "no answer as agreed", sources.ErrAmbiguous},
		"nothing":        {`:`, "nothing at all", sources.ErrAmbiguous},
		"exit 1":         {`echo 'no route to lb1' >&2; exit 1`, "exit status 1; it said: no route to lb1", sources.ErrAmbiguous},
		"another intent": {`echo '{"intent_id":"yours"}'`, `it answered for intent "yours", asked was "mine"`, sources.ErrAmbiguous},
		"no intent":      {`echo '{}'`, `it answered for intent ""`, sources.ErrAmbiguous},
		"a slip":         {`echo '{"intend_id":"mine"}'`, `unknown field "intend_id"`, sources.ErrAmbiguous},
		"two answers":    {`echo '{"intent_id":"mine"}{}'`, "more than one JSON object", sources.ErrAmbiguous},
		"an odd kind":    {`echo '{"error":{"kind":"bad day","text":"?"}}'`, `no error is of kind "bad day"`, sources.ErrAmbiguous},
		"refused":        {`echo '{"error":{"kind":"denied","text":"not you"}}'; exit 3`, "apply sh: denied: not you", sources.ErrDenied},
		"throttled":      {`echo '{"error":{"kind":"throttled","text":"slow down","retry_after_seconds":7}}'`, "slow down", sources.ErrThrottled},
		"hangs":          {`sleep 100`, "no end within 500ms", sources.ErrAmbiguous},
		"escapes":        {`printf '\033[31mred' >&2; exit 2`, `exit status 2; it said: \x1b[31mred`, sources.ErrAmbiguous},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			timeout := 20 * time.Second
			if name == "hangs" {
				timeout = 500 * time.Millisecond
			}
			p, change := planned(t, answers(c.apply), timeout)
			rc, err := p.Apply(t.Context(), change)
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("said %v", err)
			}
			if len(rc.Answer) != 1 || rc.Answer[0].Err == nil {
				t.Errorf("answers %+v", rc.Answer)
			}
			if e, ok := errors.AsType[*sources.Error](err); !ok || e.Sent != errors.Is(c.kind, sources.ErrAmbiguous) {
				t.Errorf("sent: %+v", e)
			}
			if errors.Is(err, sources.ErrThrottled) {
				if e, _ := errors.AsType[*sources.Error](err); e.RetryAfter != 7*time.Second {
					t.Errorf("come back in %v", e.RetryAfter)
				}
			}
		})
	}
}

func TestApply_KeepsWhatTheCommandSaid(t *testing.T) {
	p, c := planned(t, answers(`echo warned >&2; echo '{"intent_id":"mine","said":"done"}'`), 0)
	rc, err := p.Apply(t.Context(), c)
	if err != nil || len(rc.Answer) != 1 || rc.Answer[0].Text.String() != "done; warned" {
		t.Errorf("%+v, %v", rc.Answer, err)
	}
}

func TestCommand_IsKilledWithAllThatItStarted(t *testing.T) {
	pid := filepath.Join(t.TempDir(), "pid")
	p, err := New(Config{Command: []string{"sh", "-c", `sleep 100 & echo $! >` + pid + `.new; mv ` + pid + `.new ` + pid + `; wait`}, Timeout: time.Second}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "no end within 1s") {
		t.Errorf("err %v", err)
	}
	b, err := os.ReadFile(pid)
	if err != nil {
		t.Fatal(err)
	}
	stat := filepath.Join("/proc", strings.TrimSpace(string(b)), "stat")
	for range 1000 {
		got, err := os.ReadFile(stat)
		if err != nil || strings.Contains(string(got), ") Z ") || errors.Is(err, syscall.ESRCH) {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Errorf("the child %s lives on", b)
}

func TestCommand_ThatPrintsWithoutEndIsKilled(t *testing.T) {
	p, err := New(Config{Command: []string{"sh", "-c", `yes`}}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(t.Context()); !errors.Is(err, sources.ErrUnreachable) || !strings.Contains(err.Error(), "printed more than") {
		t.Errorf("err %v", err)
	}
}

func TestCommand_ThatLeavesAChildBehindIsNotWaitedFor(t *testing.T) {
	p, err := New(Config{Command: []string{"sh", "-c", `sleep 100 & echo '{"read":{"candidate_percent":5}}'`}}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := p.Read(t.Context()); err != nil || r.Configured.Candidate != sources.Whole/20 {
		t.Errorf("%v, %v", r.Configured, err)
	}
}

func TestRead_TellsWhatIsNotKnownAsNotKnown(t *testing.T) {
	p, err := New(Config{Command: []string{"sh", "-c", `echo '{"read":{"candidate_percent":null,"servers":[{"name":"a","arm":"legacy","up":true}],"notes":["the router is starting"]}}'`}}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := p.Read(t.Context()); err != nil || r.Configured.Known || r.Rev == "" || len(r.Notes) != 1 || r.Servers[0].Weight >= 0 || r.Servers[0].Initial >= 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestPlan_AsksACommandThatPlansForItself(t *testing.T) {
	p, err := New(Config{Command: []string{"sh", "-c", `read -r q
case $q in
*'"caps"'*) echo '{"caps":{"calls":["plan","confirm"],"shares_percent":[0,10,100]}}' ;;
*'"plan"'*) echo '{"intent_id":"mine","writes":["PUT /split 10"]}' ;;
*'"read"'*) echo '{"read":{"candidate_percent":5}}' ;;
*'"confirm"'*) echo '{"intent_id":"mine","read":{"candidate_percent":10,"effective_percent":10}}' ;;
*) echo '{"intent_id":"mine"}' ;;
esac`}}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Plan(t.Context(), r, sources.Intent{ID: "mine", Verb: sources.SetSplit, To: sources.Whole / 10})
	if err != nil || len(c.Writes) != 1 || c.Writes[0].Request != "PUT /split 10" {
		t.Fatalf("%v, %v", c.Writes, err)
	}
	rc, err := p.Apply(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if out, err := p.Confirm(t.Context(), rc); err != nil || out.Rung != sources.Effective {
		t.Errorf("%v, %v", out.Rung, err)
	}
	if _, err := p.Plan(t.Context(), r, sources.Intent{ID: "mine", Verb: sources.SetSplit, To: sources.Whole / 4}); !errors.Is(err, sources.ErrUnsupported) || !strings.Contains(err.Error(), "it takes 0 %, 10 % or 100 %") {
		t.Errorf("a share that it cannot make: %v", err)
	}
}

func TestNew_RefusesAConfigThatCannotWork(t *testing.T) {
	for _, c := range []Config{{}, {Command: []string{""}}, {Command: []string{"true"}, Timeout: -1}} {
		if _, err := New(c, nil, time.Now); !errors.Is(err, sources.ErrInvalid) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
