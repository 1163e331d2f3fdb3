package main

import (
	"os"
	"strings"
	"testing"

	"rampart/cmd/internal/config"
)

func TestRampart_RefusesAMistypedFlagBeforeItAsksOrOpensAnything(t *testing.T) {
	dir := short(t)
	t.Chdir(dir)
	env := map[string]string{"XDG_RUNTIME_DIR": dir, "RAMPART_STATE": dir, "HOME": dir}
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"check", "--accept", "undecidd"}, `--accept "undecidd": want safe or undecided`},
		{[]string{"check", "--until", "-5m"}, "want a time such as"},
		{[]string{"rollback", "--yes", "--timeout", "-1s"}, "want a time such as"},
		{[]string{"demo", "--plain", "--speed", "0"}, "want a number above 0"},
		{[]string{"demo", "--plain", "--speed", "NaN"}, "want a number above 0"},
		{[]string{"demo", "--plain", "--speed", "-1"}, "want a number above 0"},
	} {
		if _, errs, code := told(t, env, "never", c.args...); code != exitUsage || !strings.Contains(errs, c.says) {
			t.Errorf("%q: exit %d, %q; want %d, %q", c.args, code, errs, exitUsage, c.says)
		}
	}
}

func TestConfigCheck_RefusesKeysThatTheConsoleWouldNotOpenWith(t *testing.T) {
	dir := short(t)
	t.Chdir(dir)
	env := map[string]string{"XDG_RUNTIME_DIR": dir, "RAMPART_STATE": dir, "HOME": dir}
	for keys, says := range map[string]string{
		"{rolback: [x]}":  `there is no verb "rolback"`,
		"{rollback: [q]}": `"q" is both quit and rollback`,
		"{rollback: [R, F9], bundle: ['<disabled>']}": "",
	} {
		if err := os.WriteFile("rampart.yaml", []byte(config.Default+"\nkeys: "+keys+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		want := exitUsage
		if says == "" {
			want = 0
		}
		if _, errs, code := told(t, env, "never", "config", "check", "--no-secrets"); code != want || !strings.Contains(errs, says) {
			t.Errorf("%s: exit %d, %q; want %d, %q", keys, code, errs, want, says)
		}
	}
}
