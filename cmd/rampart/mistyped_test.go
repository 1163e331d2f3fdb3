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
		{[]string{"demo", "--serve", "--speed", "5"}, "its traffic of now beside its numbers of minutes ago"},
		{[]string{"demo", "--theme", "nope"}, "nope"},
		{[]string{"watch", "--plain", "--theme", "nope"}, "nope"},
		{[]string{"attach", "--theme", "nope"}, "nope"},
		{[]string{"ramp", "split"}, "ramp split: SHARE is missing: rampart ramp split SHARE"},
		{[]string{"ramp", "approve"}, "ramp approve: SHARE is missing"},
		{[]string{"ramp", "unlock"}, "ramp unlock: DURATION is missing"},
		{[]string{"ramp", "split", "5%", "10%"}, `ramp split: "10%" is one too many: rampart ramp split SHARE`},
		{[]string{"logs", "search"}, "logs search: FILTER... is missing"},
		{[]string{"profile", "diff"}, "profile diff: REFERENCE is missing"},
		{[]string{"check", "x"}, `check: "x" is one too many: rampart check`},
		{[]string{"logs", "grep"}, `unknown command "grep"`},
		{[]string{"logs", "templates", "."}, "logs templates .: it is a folder: name a file, or - for standard input"},
		{[]string{"logs", "templates", "gone.log"}, "logs templates gone.log: no such file or directory"},
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

func TestJudge_TellsAFileThatIsNotThereOnce(t *testing.T) {
	t.Chdir(t.TempDir())
	out, errs, code := told(t, map[string]string{}, "never", "judge", "gone.jsonl")
	if code != exitUsage || strings.Count(errs+out, "no such file") != 1 || !strings.Contains(out, "gone.jsonl: not judged") {
		t.Errorf("exit %d, %q and %q", code, out, errs)
	}
}

func TestAuditVerify_AJournalWithoutAnEntrySaysSo(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range map[string]string{"audit.jsonl": "", "audit.jsonl.head": "0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, errs, code := told(t, map[string]string{"RAMPART_STATE": dir}, "never", "audit", "verify", "--file", "audit.jsonl")
	if code != exitOK || !strings.HasSuffix(out, "audit.jsonl: whole: it has no entry yet\n") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}
