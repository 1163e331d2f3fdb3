package detach

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rampart/sources"
)

func TestDetach_TakesTheWayThatOutlivesTheSessionOrRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		login Login
		way   Way
	}{
		"lingering user manager":              {Login{Manager: true, Linger: true, Units: true}, Systemd},
		"kills, but the manager lingers":      {Login{Manager: true, Linger: true, Units: true, Kills: true}, Systemd},
		"user manager ends with the session":  {Login{Manager: true, Units: true}, Setsid},
		"a container without a login manager": {Login{}, Setsid},
		"the session's end kills everything":  {Login{Manager: true, Units: true, Kills: true}, ""},
	} {
		way, err := c.login.Way()
		if way != c.way || (err == nil) != (c.way != "") {
			t.Errorf("%s: %q, %v", name, way, err)
		}
		if err != nil && (!errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "enable-linger")) {
			t.Errorf("%s: it does not say what to do: %v", name, err)
		}
	}
}

func TestDetach_ProcessHasASessionOfItsOwnAndItsWordsAreInTheLog(t *testing.T) {
	log := filepath.Join(t.TempDir(), "state", "runner.log")
	ended, err := Start(t.Context(), Setsid, Process{Unit: "x", Args: []string{"/bin/sh", "-c", "ps -o sid= -p $$; echo $$"}, Env: os.Environ(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Fields(string(b))
	if len(said) != 2 || said[0] != said[1] {
		t.Errorf("session and process: %q", said)
	}
}

func TestDetach_NamesTheLogThatTakesItsWords(t *testing.T) {
	p := Process{Unit: "rampart-prod", Log: "/state/prod/runner.log"}
	if got := p.Words(Setsid); got != "/state/prod/runner.log" {
		t.Errorf("a session of its own: %q", got)
	}
	if got := p.Words(Systemd); got != "journalctl --user -u rampart-prod" {
		t.Errorf("the service manager keeps them, and the file is empty: %q", got)
	}
}

func TestDetach_SaysWhatCouldNotBeStarted(t *testing.T) {
	_, err := Start(t.Context(), Setsid, Process{Unit: "rampart-prod", Args: []string{"/nowhere/rampart"}, Log: filepath.Join(t.TempDir(), "log")})
	if err == nil || !strings.Contains(err.Error(), "rampart-prod") {
		t.Errorf("it says %v", err)
	}
}

func TestUnit_QuotesWhatAShellWouldSplit(t *testing.T) {
	u := Installed{Description: "rampart runner of prod", Args: []string{"/usr/bin/rampart", "run", "-c", "/etc/my ramp$1.yaml", "--plan=1% for 15m"}}.Unit()
	if !strings.Contains(u, `ExecStart=/usr/bin/rampart run -c "/etc/my ramp$$1.yaml" "--plan=1%% for 15m"`) || !strings.Contains(u, "Restart=on-failure") {
		t.Errorf("the unit:\n%s", u)
	}
}

func TestUnit_ARampThatIsOverIsNotBegunAgain(t *testing.T) {
	u := Installed{Args: []string{"/usr/bin/rampart", "run", "--start"}}.Unit()
	asked := Process{Args: []string{"/usr/bin/rampart", "run", "--start"}}.run(t.Context()).Args
	if !strings.Contains(u, "\nRestartPreventExitStatus=2 3 4 6\n") || !slices.Contains(asked, "--property=RestartPreventExitStatus=2 3 4 6") {
		t.Errorf("after a rollback or a stop it is started again:\n%s\n%q", u, asked)
	}
}

func TestUnit_IsNotConfinedWhereItWritesARoutersFile(t *testing.T) {
	if u := (Installed{Confined: true}).Unit(); !strings.Contains(u, "ProtectSystem=strict") {
		t.Errorf("it may write everywhere:\n%s", u)
	}
	if u := (Installed{User: "ana", Dir: "/etc/ramps"}).Unit(); strings.Contains(u, "Protect") || !strings.Contains(u, "\nUser=ana\nWorkingDirectory=-/etc/ramps\n") {
		t.Errorf("it cannot write what its config names, or is somebody else:\n%s", u)
	}
}

func TestDetach_NoSecretOfTheEnvironmentIsOnACommandLine(t *testing.T) {
	cmd := Process{Unit: "x", Args: []string{"true"}, Env: []string{"TOKEN=hunter2", "BASH_FUNC_which%%=() {  :; }", "9=x", "=x"}}.run(t.Context())
	said := strings.Join(cmd.Args, " ")
	if !strings.Contains(said, "--setenv=TOKEN --") || strings.Contains(said, "hunter2") || !slices.Contains(cmd.Env, "TOKEN=hunter2") {
		t.Errorf("it is called as %q", said)
	}
	if strings.Contains(said, "BASH_FUNC") || strings.Contains(said, "setenv=9") {
		t.Errorf("the service manager refuses all for a name that is none: %q", said)
	}
}
