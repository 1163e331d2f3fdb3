package logtmpl

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"testing"
)

// labelled is a file of lines whose true groups people have written down.
type labelled struct {
	name   string
	events []string
	lines  [][]byte
}

// loghub reads the labelled logs of Loghub (Zhu et al., ISSRE 2023) where they stand: RAMPART_LOGHUB, or beside the
// project. Without them the test is skipped.
func loghub(tb testing.TB) (all []labelled) {
	tb.Helper()
	dir := cmp.Or(os.Getenv("RAMPART_LOGHUB"), filepath.Join("..", "..", "..", "shared", "data", "loghub"))
	files, err := filepath.Glob(filepath.Join(dir, "*.tsv"))
	if err != nil || len(files) == 0 {
		tb.Skip("no labelled logs; set RAMPART_LOGHUB to their folder")
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			tb.Fatal(err)
		}
		l := labelled{name: filepath.Base(f)}
		for row := range bytes.Lines(data) {
			event, line, _ := bytes.Cut(bytes.TrimSuffix(row, []byte("\n")), []byte("\t"))
			l.events, l.lines = append(l.events, string(event)), append(l.lines, line)
		}
		all = append(all, l)
	}
	return all
}

// accuracy is the share of lines whose group is exactly a true group (grouping accuracy, Zhu et al., ICSE-SEIP 2019).
func accuracy(l labelled, found []ID) float64 {
	type pair struct {
		event string
		id    ID
	}
	events, ids, pairs := map[string]int{}, map[ID]int{}, map[pair]int{}
	for i, id := range found {
		events[l.events[i]]++
		ids[id]++
		pairs[pair{l.events[i], id}]++
	}
	right := 0
	for p, n := range pairs {
		if events[p.event] == n && ids[p.id] == n {
			right += n
		}
	}
	return float64(right) / float64(len(found))
}

func TestMiner_FindsTheTrueGroupsOfEightSystems(t *testing.T) {
	drain3 := map[string]float64{
		"Android.tsv": .734, "Hadoop.tsv": .963, "HDFS.tsv": .998, "Linux.tsv": .684,
		"OpenSSH.tsv": .718, "OpenStack.tsv": .309, "Spark.tsv": .922, "Zookeeper.tsv": .967,
	}
	var sum float64
	all := loghub(t)
	for _, l := range all {
		m := miner(t, Config{})
		found := make([]ID, len(l.lines))
		for i, line := range l.lines {
			found[i], _ = m.Add(line)
		}
		for i := range found {
			found[i] = m.Resolve(found[i])
		}
		got := accuracy(l, found)
		sum += got
		t.Logf("%-14s %.4f", l.name, got)
		if got < drain3[l.name] {
			t.Errorf("%s: grouping accuracy %.4f is below drain3's %.3f", l.name, got, drain3[l.name])
		}
	}
	mean := sum / float64(len(all))
	t.Logf("%-14s %.4f", "mean", mean)
	if mean < .95 {
		t.Errorf("mean grouping accuracy %.4f, want at least .95", mean)
	}
}

func BenchmarkMiner_Add(b *testing.B) {
	for _, l := range loghub(b) {
		b.Run(l.name, func(b *testing.B) {
			m := miner(b, Config{})
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for _, line := range l.lines {
					m.Add(line)
				}
				n += len(l.lines)
			}
			b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}
