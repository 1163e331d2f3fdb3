package haproxy

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestAnswers_AreCutAtTheirEmptyLines(t *testing.T) {
	for text, want := range map[string][]string{
		"\n":                      {""},
		"\nNo such server.\n\n\n": {"", "No such server.", ""},
		"Permission denied\n\n":   {"Permission denied"},
		"No such":                 nil,
		"\nNo such server.\n":     {""},
		"":                        nil,
		"a\nb\n\n\n":              {"a\nb", ""},
	} {
		if got := splitAnswers(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestMember_IsReadFromWhatARealHAProxySaid(t *testing.T) {
	b, err := os.ReadFile("testdata/read_2.6.12.txt")
	if err != nil {
		t.Fatal(err)
	}
	var m member
	if err := m.parse(string(b), "be"); err != nil {
		t.Fatal(err)
	}
	if m.epoch != "28870@1795248224" || m.algorithm != "roundrobin" || len(m.servers) != 4 {
		t.Errorf("epoch %q, algorithm %q, %d servers", m.epoch, m.algorithm, len(m.servers))
	}
	if s := m.servers[1]; s.name != "stable-2" || s.up() || s.weight != 50 || s.status != "DOWN" || s.addr != "127.0.0.1:28083" {
		t.Errorf("stable-2: %+v", s)
	}
}

func FuzzMember_NeverPanicsAndNeverTakesAShorterAnswerForWhole(f *testing.F) {
	b, err := os.ReadFile("testdata/read_2.6.12.txt")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b), 10)
	f.Add("# pxname\n\n1\n# \n\nName: \n\n", 1)
	f.Fuzz(func(t *testing.T, text string, cut int) {
		var m, n member
		if m.parse(text, "be") != nil || cut < 0 || cut > len(text) || strings.Count(text, "\nName: ") != 1 {
			return
		}
		if short := text[:cut]; n.parse(short, "be") == nil && len(n.servers) != len(m.servers) {
			t.Errorf("cut at %d of %d: %d servers of %d", cut, len(text), len(n.servers), len(m.servers))
		}
	})
}

func FuzzAnswers_AreNeverMoreThanTheirLines(f *testing.F) {
	f.Add("\nNo such server.\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		if got := splitAnswers(text); len(got) > strings.Count(text, "\n") {
			t.Errorf("%q: %d answers", text, len(got))
		}
	})
}
