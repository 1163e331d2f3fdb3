package main

import (
	"context"
	"time"

	"rampart/cmd/internal/config"
	"rampart/sources/prom"
)

// How long a watch waits to hear that a query of the config is none. The first paint of a screen is worth more than being
// told before it: what a server says after that ends the screen again, which then has shown nothing yet.
const (
	inquiryBeforeScreen = 40 * time.Millisecond
	inquiryDeadline     = time.Second
)

// beforeData is an instant at which no server has data: it reads a query there, and nothing else.
var beforeData = time.Unix(24*60*60, 0)

// inquire asks the server whether it understands each query of the service. The channel yields the mistakes as one error
// and is closed; a server that does not answer in time has told none.
//
// Why at an instant before all data: a query that is none is refused before anything is read, so that a console opened in
// the middle of an incident adds nothing to the load of the server that it needs most.
func (s *session) inquire(ctx context.Context) <-chan error {
	told := make(chan error, 1)
	go func() {
		defer close(told)
		src, err := promOf(s.chosen.Context)
		if src == nil || err != nil {
			return // who opens the session says why
		}
		ctx, cancel := context.WithTimeout(ctx, inquiryDeadline)
		defer cancel()
		var wrong []config.Mistake
		for _, w := range ask(ctx, src, s.cfg, s.service, beforeData) {
			if prom.Refused(w.Err) {
				wrong = append(wrong, w.wrong...)
			}
		}
		if len(wrong) > 0 {
			told <- usage(&config.Error{File: s.cfg.Path, Mistakes: wrong})
		}
	}()
	return told
}

// heed waits for what the server says of the queries, for so long. What it says later ends the context with it.
func heed(told <-chan error, patience time.Duration, end context.CancelCauseFunc) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-told:
		return err
	case <-timer.C:
	}
	go func() {
		if err := <-told; err != nil {
			end(err)
		}
	}()
	return nil
}
