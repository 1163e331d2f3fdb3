package exec

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/sourcetest"
)

// script is the example script over a split of its own.
type script struct {
	command []string
	state   string
}

func newScript(t *testing.T) *script {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("python3 is not installed")
		}
		t.Skip("skipped: python3 is not installed")
	}
	b, err := os.ReadFile("../../../testdata/planes/exec.py")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{state: filepath.Join(t.TempDir(), "split.json")}
	copied := filepath.Join(filepath.Dir(s.state), "exec.py")
	exe, err := exec.Command("python3", "-c", "import sys; print(sys.executable)").Output() // what a version manager's shim would find anew each time
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(b), "\n")
	if err := os.WriteFile(copied, []byte("#!"+strings.TrimSpace(string(exe))+" -IS\n"+body), 0o700); err != nil {
		t.Fatal(err)
	}
	s.command = []string{copied, s.state}
	s.edit(t, map[string]any{"rev": 1, "percent": 5, "last": "", "epoch": "first", "requests": []int{0, 0}})
	return s
}

func (s *script) load(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	b, err := os.ReadFile(s.state)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return out
}

func (s *script) edit(t *testing.T, with map[string]any) {
	t.Helper()
	all := s.load(t)
	maps.Copy(all, with)
	b, err := json.Marshal(all)
	if err == nil {
		err = os.WriteFile(s.state, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (s *script) route(t *testing.T, n int) {
	t.Helper()
	was := s.load(t)
	candidate := int(was["percent"].(float64) * float64(n) / 100)
	s.edit(t, map[string]any{"requests": []int{n - candidate, candidate}})
}

func TestPlane_KeepsWhatAllPlanesPromiseWithTheExampleScript(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: it starts python3 two hundred times, not in -short")
	}
	sourcetest.Plane(t, func(t *testing.T) sourcetest.PlaneWorld {
		s := newScript(t)
		p, err := New(Config{Command: s.command}, nil, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		return sourcetest.PlaneWorld{
			Plane: p,
			Meddle: func(t *testing.T, to sources.Share) {
				s.edit(t, map[string]any{"percent": to.Percent(), "rev": 77})
			},
			Deny: func(t *testing.T) {
				if err := os.WriteFile(s.state+".freeze", nil, 0o600); err != nil {
					t.Fatal(err)
				}
			},
			Leave: func(*testing.T) { os.Remove(s.command[0]) },
			Reload: func(t *testing.T) {
				s.edit(t, map[string]any{"percent": 5, "rev": 99, "epoch": "second", "requests": []int{0, 0}})
			},
			Traffic: s.route,
		}
	})
}

func TestPlane_SendsTheSameIntentTwiceAndTheScriptDoesItOnce(t *testing.T) {
	s := newScript(t)
	p, err := New(Config{Command: s.command}, nil, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := p.Read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.Plan(t.Context(), r, sources.Intent{ID: "once", Verb: sources.RollBack})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := p.Apply(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if rev := s.load(t)["rev"]; rev != 2.0 {
		t.Errorf("written %v times", rev.(float64)-1)
	}
	s.edit(t, map[string]any{"percent": 5, "rev": 9})
	if _, err := p.Apply(t.Context(), c); err != nil || s.load(t)["percent"] != 0.0 {
		t.Errorf("what somebody undid is not done again: %v", err)
	}
}
