package detach

import (
	"errors"
	"os"
	"path/filepath"
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

func TestDetach_SaysWhatCouldNotBeStarted(t *testing.T) {
	_, err := Start(t.Context(), Setsid, Process{Unit: "rampart-prod", Args: []string{"/nowhere/rampart"}, Log: filepath.Join(t.TempDir(), "log")})
	if err == nil || !strings.Contains(err.Error(), "rampart-prod") {
		t.Errorf("it says %v", err)
	}
}

func TestUnit_QuotesWhatAShellWouldSplit(t *testing.T) {
	u := Unit("rampart runner of prod", []string{"/usr/bin/rampart", "run", "-c", "/etc/my ramp$1.yaml"})
	if !strings.Contains(u, `ExecStart=/usr/bin/rampart run -c "/etc/my ramp$$1.yaml"`) || !strings.Contains(u, "Restart=on-failure") {
		t.Errorf("the unit:\n%s", u)
	}
}
