package logtmpl

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

func reported(tb testing.TB, format, in string) string {
	tb.Helper()
	var out bytes.Buffer
	if err := Report(strings.NewReader(in), format, &out); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func TestReport_TSVHasOneRowPerLineInOrder(t *testing.T) {
	in := "user anna left\nuser otto left\r\n\nuser mia left\nbye"
	rows := strings.Split(strings.TrimSuffix(reported(t, "tsv", in), "\n"), "\n")
	want := []string{"user <*> left", "user <*> left", "", "user <*> left", "bye"}
	if len(rows) != len(want) {
		t.Fatalf("%d rows %q, want %d", len(rows), rows, len(want))
	}
	ids := map[string]string{}
	for i, row := range rows {
		id, text, ok := strings.Cut(row, "\t")
		if !ok || text != want[i] || len(id) != 16 {
			t.Errorf("row %d is %q, want %q", i, row, want[i])
		}
		if other, seen := ids[text]; seen && other != id {
			t.Errorf("%q has two ids", text)
		}
		ids[text] = id
	}
}

func TestReport_ShowsBytesHarmless(t *testing.T) {
	in := "a\x00b \x1b]0;evil\x07 \xff\xfe caf\u00e9 \u202eabc\tend\n" + strings.Repeat("x", 10<<20) + "\nlast"
	for _, format := range Formats {
		out := reported(t, format, in)
		for _, line := range strings.Split(out, "\n") {
			if line = strings.ReplaceAll(line, "\t", " "); line != sources.Visible(line) {
				t.Errorf("%s writes raw bytes: %q", format, line[:min(len(line), 80)])
			}
		}
		if !strings.Contains(out, "last") {
			t.Errorf("%s lost the line after a line of 10 MB", format)
		}
	}
	if rows := strings.Count(reported(t, "tsv", in), "\n"); rows != 3 {
		t.Errorf("%d rows for 3 lines", rows)
	}
}

func TestReport_TableAndJSONCount(t *testing.T) {
	in := strings.Repeat("served in 3 ms\n", 3) + "cache is cold\n"
	if out := reported(t, "table", in); !strings.Contains(out, "75.00%") || !strings.Contains(out, "4 lines, 2 templates") {
		t.Errorf("table:\n%s", out)
	}
	var got struct {
		Lines, Templates int
		Found            []struct {
			Template string
			Lines    int
		}
	}
	if err := json.Unmarshal([]byte(reported(t, "json", in)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Lines != 4 || len(got.Found) != 2 || got.Found[0].Template != "served in <num>" || got.Found[0].Lines != 3 {
		t.Errorf("json: %+v", got)
	}
	if out := reported(t, "json", ""); !strings.Contains(out, `"found": []`) {
		t.Errorf("no lines: %s", out)
	}
}

type broken struct{ err error }

func (b broken) Read([]byte) (int, error)  { return 0, b.err }
func (b broken) Write([]byte) (int, error) { return 0, b.err }

func TestReport_TellsWhatFailed(t *testing.T) {
	gone := errors.New("disk is gone")
	if err := Report(broken{gone}, "tsv", &bytes.Buffer{}); !errors.Is(err, gone) || !strings.Contains(err.Error(), "read") {
		t.Errorf("reading: %v", err)
	}
	if err := Report(strings.NewReader("a\n"), "tsv", broken{gone}); !errors.Is(err, gone) || !strings.Contains(err.Error(), "write") {
		t.Errorf("writing: %v", err)
	}
	if err := Report(strings.NewReader("a\n"), "xml", &bytes.Buffer{}); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("format: %v", err)
	}
}

func BenchmarkReport_TSV(b *testing.B) {
	for _, l := range loghub(b) {
		in := bytes.Repeat(append(bytes.Join(l.lines, []byte("\n")), '\n'), 10)
		b.Run(l.name, func(b *testing.B) {
			for b.Loop() {
				if err := Report(bytes.NewReader(in), "tsv", &discard{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(10*len(l.lines)*b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}

type discard struct{ n int }

func (d *discard) Write(p []byte) (int, error) { d.n += len(p); return len(p), nil }
