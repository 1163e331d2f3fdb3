// Package envoy divides traffic by the runtime of Envoy: the weights of a route's weighted clusters, which
// runtime_key_prefix makes changeable while it runs, over the admin interface.
//
// It promises: what is set is read back from the runtime and never copied from what was asked; both weights of a member
// are written in one request, which Envoy merges as one; a request that may have left this process is never sent again
// from here; both weights are never 0, which Envoy answers with a failure for every request. A [Plane] owns no goroutine
// beyond a call.
//
// # What is read, of each member
//
//   - GET /runtime: each key's values by layer, and the final one. Configured is what the admin layer says, or one below it, effective what
//     is final: when another layer above overrides ours, the two differ, the change stays at configured, a note names
//     the layer, and nothing is raised: it would lie in wait for the day on which that layer lets go.
//   - GET /config_dump of routes: the weights that stand in the configuration. They are what a restart returns to, and
//     what holds as long as the runtime says nothing. A prefix that no route has is refused: Envoy would take the write
//     and nothing would happen.
//   - GET /config_dump?mask=last_updated: when the bootstrap was read, which is the member's epoch. /server_info tells
//     only an uptime in whole seconds.
//   - GET /stats of both clusters: requests, failures, hosts that are healthy.
//
// # Why
//
// The weights' sum is free (checked with 1.40: 2000 of 10000 got 20 % of the requests), so shares are written in
// hundredths of a percent, and in whole percents where those do.
//
// A request that found no healthy host is counted with those that were sent: it was routed to that arm, and a candidate
// without hosts must not look like one without traffic. Retries are taken off, they are not new requests.
//
// The admin interface knows no users and compares nothing before it writes: the last writer wins. Reading once more
// right before a write narrows the gap. RTDS and xDS were left out: who has a control plane changes the split there.
package envoy
