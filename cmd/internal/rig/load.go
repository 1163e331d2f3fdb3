package rig

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// workers bounds the requests in flight: a slow backend slows the load, it does not pile it up.
const workers = 64

// Load sends real requests at a steady rate until it is stopped or its time is over.
type Load struct {
	Sent, Failed, Lost atomic.Int64 // answered; answered 5xx; not answered

	quit context.CancelFunc
	done sync.WaitGroup
}

// StartLoad sends rate requests a second to the address for at most limit.
func StartLoad(addr string, rate int, limit time.Duration) *Load {
	ctx, quit := context.WithTimeout(context.Background(), limit)
	l := &Load{quit: quit}
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	due := make(chan struct{}, workers)
	l.done.Go(func() { pace(ctx, rate, due) })
	for range workers {
		l.done.Go(func() {
			for range due {
				l.send(ctx, client, addr)
			}
		})
	}
	return l
}

// Stop ends the load and waits for the requests in flight.
func (l *Load) Stop() {
	l.quit()
	l.done.Wait()
}

// pace lets rate requests a second through, counted from the start so that a late beat is made up for; it closes due at the end.
func pace(ctx context.Context, rate int, due chan<- struct{}) {
	defer close(due)
	beat := time.NewTicker(5 * time.Millisecond)
	defer beat.Stop()
	began, let := time.Now(), 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
		}
		for want := int(time.Since(began).Seconds() * float64(rate)); let < want; let++ {
			select {
			case due <- struct{}{}:
			case <-ctx.Done():
				return
			}
		}
	}
}

func (l *Load) send(ctx context.Context, client *http.Client, addr string) {
	route := "rank"
	if rand.IntN(4) == 0 {
		route = "similar"
	}
	url := fmt.Sprintf("http://%s/%s?user=u%05d", addr, route, rand.IntN(20000))
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		l.Lost.Add(1)
		return
	}
	resp, err := client.Do(req)
	if err != nil {
		if ctx.Err() == nil {
			l.Lost.Add(1)
		}
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body) // The body only frees the connection.
	resp.Body.Close()
	l.Sent.Add(1)
	if resp.StatusCode >= http.StatusInternalServerError {
		l.Failed.Add(1)
	}
}
