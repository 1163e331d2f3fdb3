package adapters

import (
	"testing"
	"time"

	"rampart/sources"
	"rampart/sources/elastic"
	"rampart/sources/plane/haproxy"
	"rampart/sources/plane/observe"
)

func TestShared_APlaneIsLookedAtTogetherAndWrittenAlone(t *testing.T) {
	h, err := haproxy.New(haproxy.Config{
		Sockets: []string{"unix:///run/haproxy/admin.sock"}, Backend: "be",
		Servers: sources.ByArm[[]string]{Legacy: []string{"stable-*"}, Candidate: []string{"canary-*"}},
	}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w, leave := NewShared().Watch(h)
	defer leave()
	if _, together := w.(*haproxy.Watch); !together {
		t.Errorf("an engine looks at %T", w)
	}
	if _, writes := w.(sources.Plane); writes {
		t.Error("what looks can write")
	}
	var none *Shared
	if w, _ := none.Watch(h); w != sources.Plane(h) {
		t.Errorf("a service by itself looks at %T", w)
	}
	o := observe.New(observe.Config{}, nil, time.Now)
	if w, _ := NewShared().Watch(o); w != sources.Plane(o) {
		t.Errorf("a plane that nobody can share is looked at as %T", w)
	}
}

func TestShared_LogsOfAContextAreReadTogether(t *testing.T) {
	made := func() *elastic.Source {
		s, err := elastic.New(elastic.Config{
			URLs: []string{"http://127.0.0.1:9"}, Index: "logs-*", Now: time.Now, Arm: elastic.ArmRule{Field: "labels.track", Value: sources.ByArm[string]{Legacy: "stable", Candidate: "canary"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	shared := NewShared()
	leave := shared.Read(made())
	defer leave()
	shared.Read(made())()
	shared.Read(nil)()
	(*Shared)(nil).Read(made())()
}
