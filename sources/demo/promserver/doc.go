// Package promserver is a Prometheus that watches the demo's world: it scrapes the pods into a real TSDB and answers the HTTP API with the real PromQL engine.
//
// It promises the answers that Prometheus 3 gives to the endpoints which clients, curl and Grafana use: same shapes, error types and status codes, in the world's time.
// A Server owns no goroutine beyond those of net/http; Scrape is called under the world's lock, queries run beside it.
//
// Why an own handler per endpoint: web/api/v1 would serve them all, but it brings fourteen megabytes of cloud clients with it. Why a bare head and no tsdb.DB: the demo
// keeps nothing on disk; a head without a log, truncated by hand, holds the last hours in a few megabytes for ever.
package promserver
