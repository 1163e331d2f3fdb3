// Package demo opens a small living world behind real protocols: a ranking service under a canary ramp, with a Prometheus, an Elasticsearch and a HAProxy on loopback
// that the ordinary adapters, curl, Grafana and socat can use unchanged.
//
// Start gives a running demo; its Config points a console at it and its Now is the clock to go with it: with a speed above one the world's clock runs ahead of the
// wall's, and every server answers in the world's time. A Running owns one goroutine that lets the world live while nobody asks, and those of its servers; Close, or the
// end of the context, ends them all.
//
// Why servers and not a fake source: what the demo shows is then what the adapters do, and each of them is proved against a peer that fails on demand.
package demo
