package statedir

import (
	"path/filepath"
	"strings"
	"testing"
)

func env(set map[string]string) func(string) string {
	return func(k string) string { return set[k] }
}

func TestStateFolder_IsTheNearestThatIsNamed(t *testing.T) {
	for want, set := range map[string]map[string]string{
		"/named":       {"RAMPART_STATE": "/named", "XDG_STATE_HOME": "/xdg"},
		"/xdg/rampart": {"XDG_STATE_HOME": "/xdg"},
	} {
		if got, err := Of(env(set)); err != nil || got != want {
			t.Errorf("%v: %s, %v", set, got, err)
		}
	}
	if got, err := Of(env(nil)); err == nil && !strings.HasSuffix(got, "/.local/state/rampart") {
		t.Errorf("nothing named: %s", got)
	}
}

func TestStateFolder_NoNameOfTheConfigLeavesIt(t *testing.T) {
	for _, name := range []string{"..", "../../etc", "a/b", ".", "a\nb", `a\b`} {
		c, err := For(env(map[string]string{"RAMPART_STATE": "/s"}), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{c.Journal(), c.Lease(name), c.Log(), c.Socket(), c.Dossiers()} {
			if in, err := filepath.Rel("/s", path); err != nil || strings.HasPrefix(in, "..") || strings.Count(in, "/") != 1 || strings.ContainsAny(in, "\n\\") {
				t.Errorf("%q: %s", name, path)
			}
		}
	}
	c, _ := For(env(map[string]string{"RAMPART_STATE": "/s"}), "prod")
	if ok, _ := filepath.Match(Sockets("/s"), c.Socket()); !ok {
		t.Errorf("%s is not found", c.Socket())
	}
}
