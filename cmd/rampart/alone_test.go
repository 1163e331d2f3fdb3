package main

import (
	"testing"
	"time"

	"rampart/ui/uitest/sample"
)

func TestAlone_FramesAreShownWhileTheJournalIsReadForARollbackOfItsOwn(t *testing.T) {
	a, _ := beyond(t, sample.Incident())
	defer a.close()
	open, begun, slow := a.open, make(chan struct{}), make(chan struct{})
	a.open = func(service string) (*session, error) { close(begun); <-slow; return open(service) }
	opened, shown := make(chan error, 1), make(chan error, 1)
	go func() { _, err := a.desk("ranker"); opened <- err }()
	<-begun
	go func() { _, err := a.Next(t.Context()); shown <- err }()
	select {
	case err := <-shown:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("the screen stands still as long as the journal's disk does")
	}
	close(slow)
	if err := <-opened; err != nil {
		t.Error(err)
	}
}
