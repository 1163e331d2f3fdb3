package elastic_test

import (
	"fmt"
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/sourcetest"
)

var arms = elastic.ArmRule{Field: "labels.track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}}

// source opens the adapter on a cluster, with what change makes of the config.
func source(t testing.TB, c *cluster, change func(*elastic.Config)) *elastic.Source {
	t.Helper()
	cfg := elastic.Config{URLs: []string{c.URL}, Index: "logs-*", Arm: arms, Now: c.now, Timeout: time.Minute} // the machine may be slow
	if change != nil {
		change(&cfg)
	}
	s, err := elastic.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func doc(at time.Time, arm sources.Arm, level, message string) string {
	return fmt.Sprintf(`{"@timestamp":%d,"log":{"level":%q},"labels":{"track":%q},"message":%q}`, at.UnixMilli(), level, arms.Value.Of(arm), message)
}

func TestSource_KeepsWhatEveryLogSourcePromises(t *testing.T) {
	sourcetest.Logs(t, func(t *testing.T) sourcetest.LogBench {
		c := newCluster(t)
		from := time.Now().Add(-time.Hour).Truncate(time.Second)
		levels := []string{"info", "info", "WARN", "Error", "debug", "info", "strange"}
		for i := range 700 {
			arm := sources.Arms()[min(1, i%5/4)]
			c.write(fmt.Sprintf("logs-%d", i%3), fmt.Sprint("d", i), doc(from.Add(time.Duration(i*37)*time.Millisecond), arm, levels[i%7], fmt.Sprintf("request %d took %s", i, []string{"long", "short"}[i%2])))
		}
		c.refresh()
		return sourcetest.LogBench{
			Logs:   source(t, c, func(cfg *elastic.Config) { cfg.Show.Rest = 5 }),
			Window: sources.Window{From: from, To: from.Add(time.Minute)}, Word: "short",
			Add: func(t *testing.T, lines ...sources.LogLine) {
				t.Helper()
				for _, l := range lines {
					c.write("logs-new", l.ID, doc(l.At, l.Arm, l.Level.String(), l.Message.Raw()))
				}
				c.refresh()
			},
		}
	})
}
