package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestOutput_TextAndTableAreTheSameWordForPeople(t *testing.T) {
	g := &globals{streams: streams{env: func(string) string { return "" }}}
	of := func(cmd *cobra.Command, path ...string) *cobra.Command {
		c, _, err := cmd.Find(path)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for name, c := range map[string]struct {
		cmd         *cobra.Command
		word, other string
	}{
		"check":          {newCheck(g), "text", "table"},
		"audit show":     {of(newAudit(g), "show"), "text", "table"},
		"logs templates": {of(newLogs(g), "templates"), "text", "table"},
		"judge":          {newJudge(g), "table", "text"},
		"ramp":           {newRamp(g), "text", "table"},
		"rollback":       {newRollback(g), "text", "table"},
		"doctor":         {newDoctor(g), "text", "table"},
	} {
		f := c.cmd.Flag("output")
		if f == nil || f.DefValue != c.word {
			t.Errorf("%s: by default %+v, want %s", name, f, c.word)
			continue
		}
		if err := f.Value.Set(c.other); err != nil || f.Value.String() != c.word {
			t.Errorf("%s -o %s: %q, %v", name, c.other, f.Value, err)
		}
		if err := f.Value.Set("ya\x1bml"); err == nil || !strings.Contains(err.Error(), "want "+c.word) || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%s -o yaml: %v", name, err)
		}
	}
}
