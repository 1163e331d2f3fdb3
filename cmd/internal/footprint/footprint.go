// Package footprint keeps a console that stays open small: it runs for days on a bastion that many share. It owns one
// goroutine, which Rest starts and its returned function ends; nothing else of it lasts.
//
// # Why
//
// A console at rest does some ten milliseconds of work in a second, in short bursts. On several processors each burst
// wakes idle threads that look for work and find none, and the collector fills idle processors: on one processor the
// same console does the same work with half of the switches of its worker threads. It opens on all of them, because
// the backfill of a rollout is work worth sharing.
//
// Half of what such a console holds is its own program: start-up touches nearly every page of the file, through tables
// that are made once, and the kernel maps the neighbours of every page that is touched. The pages are clean and stay in
// the kernel's cache, so giving them back costs a hundred small faults for those that are still used. Rejected: a limit
// for the runtime's memory, which makes the collector run without end for a config that asks for more held lines.
package footprint

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"
)

// Garbage is how much garbage, in percent of what it needs, a console may hold. It needs some 25 to 30 MiB, held lines
// the most of it, and makes less than a MiB of garbage in a second: 22 instead of the runtime's usual 100 collects some
// eight times in a minute, for a sixth of a percent of a processor, and holds 20 MiB less. 20 already costs more switches
// than a console at rest shall have, and 25 holds a MiB more.
const Garbage = 22

// opening is how long a console is taken to be busy with its first picture and the past; again is how often pages that
// only a rare screen needed are given back.
const (
	opening = 10 * time.Second
	again   = 5 * time.Minute
)

// Lean holds less garbage, unless the operator's GOGC says otherwise.
func Lean(env func(string) string) {
	if env("GOGC") == "" {
		debug.SetGCPercent(Garbage)
	}
}

// Rest makes the process small: what only its start needed at once, and processors after the opening, unless the
// operator's GOMAXPROCS says otherwise. The returned function ends it and waits; the processors are given back.
func Rest(ctx context.Context, env func(string) string) (end func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		giveBack()
		if !wait(ctx, opening) {
			return
		}
		if env("GOMAXPROCS") == "" {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		}
		for ok := true; ok; ok = wait(ctx, again) {
			debug.FreeOSMemory()
			giveBack()
		}
	}()
	return func() { cancel(); <-done }
}

// wait reports whether the context outlived d.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
