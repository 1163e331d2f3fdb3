package adapters

import (
	"slices"
	"testing"
	"time"

	"rampart/cmd/internal/config"
	"rampart/cmd/internal/engine"
)

func TestAdapters_AreNoneForWhatTheConfigDoesNotName(t *testing.T) {
	if p, err := Plane(nil, nil, engine.Service{}, time.Now); p != nil || err != nil {
		t.Errorf("a plane %v, %v", p, err)
	}
	if m, err := Metrics(config.Context{}); m != nil || err != nil {
		t.Errorf("metrics %v, %v", m, err)
	}
	if l, _, err := Logs(config.Context{}, config.Service{}, time.Now); l != nil || err != nil {
		t.Errorf("logs %v, %v", l, err)
	}
	if a, err := Alarms(nil, "ranker"); a != nil || err != nil {
		t.Errorf("alarms %v, %v", a, err)
	}
}

func TestPlane_LeavesTheConfigsCommandAsItIsWritten(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	x := &config.Exec{Command: []string{"~/bin/split", "ranker"}}
	for range 2 {
		p, err := Plane(&config.Traffic{Kind: "exec", Exec: x}, nil, engine.Service{Name: "ranker"}, time.Now)
		if err != nil || p == nil {
			t.Fatalf("%v, %v", p, err)
		}
	}
	if want := []string{"~/bin/split", "ranker"}; !slices.Equal(x.Command, want) {
		t.Errorf("the config says %q now, %q was written", x.Command, want)
	}
}
