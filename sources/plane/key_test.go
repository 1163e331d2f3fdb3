package plane_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"rampart/sources/plane"
)

func TestFile_IsOneByEveryNameThatItHas(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	real := filepath.Join(dir, "run", "admin.sock")
	for _, err := range []error{
		os.Mkdir(filepath.Join(dir, "run"), 0o700),
		os.Symlink("run", filepath.Join(dir, "var")),
		os.Symlink("var/admin.sock", filepath.Join(dir, "link.sock")),
		os.Symlink(filepath.Join(dir, "link.sock"), filepath.Join(dir, "second.sock")),
		os.Symlink("loop", filepath.Join(dir, "loop")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	names := []string{real, "run/admin.sock", "var/../run/./admin.sock", "var/admin.sock", "link.sock", filepath.Join(dir, "second.sock")}
	for _, there := range []bool{false, true} { // a router that restarts has no socket for a while
		if there {
			if err := os.WriteFile(real, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, n := range names {
			if got := plane.File(n); got != real {
				t.Errorf("%s, there %v: %s, want %s", n, there, got, real)
			}
		}
	}
	if got := plane.File("run/other.sock"); got == real {
		t.Error("two sockets are one")
	}
	if got := plane.File("loop"); got != filepath.Join(dir, "loop") {
		t.Errorf("a link to itself: %s", got)
	}
	if got := plane.File("none/at/all"); got != filepath.Join(dir, "none/at/all") {
		t.Errorf("below no folder: %s", got)
	}
}

func TestPlaces_OfTwoNamesOfOneAddressMeet(t *testing.T) {
	at := func(s string) []string { return plane.Places(t.Context(), s) }
	for _, pair := range [][2]string{{"localhost:9999", "127.0.0.1:9999"}, {"LOCALHOST.:9999", "localhost:9999"}, {"0.0.0.0:9999", "127.0.0.1:9999"}, {"[::]:9999", "[0:0:0:0:0:0:0:1]:9999"}, {":9999", "localhost:9999"}} {
		a, b := at(pair[0]), at(pair[1])
		if !slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) }) {
			t.Errorf("%s is %q, %s is %q", pair[0], a, pair[1], b)
		}
	}
	if slices.ContainsFunc(at("127.0.0.1:9999"), func(s string) bool { return slices.Contains(at("127.0.0.1:9998"), s) }) {
		t.Error("two ports are one")
	}
	if got := at("no-such-host.invalid:9999"); len(got) < 1 || got[0] != "no-such-host.invalid:9999" {
		t.Errorf("a name that nobody knows: %q", got)
	}
}
