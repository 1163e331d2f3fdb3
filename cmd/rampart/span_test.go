package main

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

func TestSpan_ATimeThatIsNoneIsRefusedWhereItIsTyped(t *testing.T) {
	g := &globals{streams: streams{env: func(string) string { return "" }}}
	under := func(cmd *cobra.Command, name string) *cobra.Command {
		c, _, err := cmd.Find([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for name, c := range map[string]struct {
		cmd  *cobra.Command
		flag string
	}{
		"check --until":          {newCheck(g), "until"},
		"check --since":          {newCheck(g), "since"},
		"watch --until":          {newWatch(g), "until"},
		"watch --since":          {newWatch(g), "since"},
		"demo --until":           {newDemo(g), "until"},
		"attach --until":         {newAttach(g), "until"},
		"rollback --timeout":     {newRollback(g), "timeout"},
		"ramp --timeout":         {newRamp(g), "timeout"},
		"ramp split, to confirm": {under(newRamp(g), "split"), "confirm-within"},
		"ramp approve --for":     {under(newRamp(g), "approve"), "for"},
		"logs search --since":    {under(newLogs(g), "search"), "since"},
		"logs diff --since":      {under(newLogs(g), "diff"), "since"},
		"audit show --since":     {under(newAudit(g), "show"), "since"},
		"profile save --past":    {under(newProfile(g), "save"), "past"},
	} {
		f := c.cmd.Flag(c.flag)
		if f == nil {
			t.Errorf("%s: there is none", name)
			continue
		}
		for _, wrong := range []string{"-5m", "abc", "", "5", "\x1b[2J"} {
			if err := f.Value.Set(wrong); err == nil || !strings.Contains(err.Error(), "want a time such as") || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("%s %q: %v", name, wrong, err)
			}
		}
		if err := f.Value.Set("90s"); err != nil || f.Value.String() != (90*time.Second).String() {
			t.Errorf("%s 90s: %v, %v", name, f.Value, err)
		}
	}
}

func TestSpan_HelpSaysTheUsualTimeAndNoneWhereThereIsNone(t *testing.T) {
	g := &globals{streams: streams{env: func(string) string { return "" }}}
	if help := newCheck(g).UsageString(); strings.Contains(help, "(default 0") || !strings.Contains(help, "--until duration") {
		t.Errorf("check:\n%s", help)
	}
	if help := newRollback(g).UsageString(); !strings.Contains(help, "(default 1m0s)") {
		t.Errorf("rollback:\n%s", help)
	}
}
