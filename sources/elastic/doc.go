// Package elastic reads what both arms wrote from Elasticsearch: a tail that loses nothing and repeats nothing, counts per
// arm and level, and a check that says what to change. It needs an API key with `read` on one index pattern and nothing of
// the cluster; `GET /` is never asked.
//
// A [Source] keeps no tail: where a tail stands is in its [sources.Cursor] alone, so the same cursor asked again gives the
// lines again, and a stored one goes on after a restart. A Source is safe for many goroutines and starts none. Sources of one
// [Cluster] ask together; the goroutine of such a request belongs to the calls that wait for it.
//
// # How the tail works
//
// Time is cut into spans of a second. Each call takes a census, one aggregation without hits, of all spans that may still
// change and of those that are new; spans that hold more lines than were read are read (again), and what was handed over
// before is left out by a 64-bit hash of index and id, kept per span. A span is closed when lines can hardly come into it
// any more: after twice the lateness that was seen, or as long as memory is cheap. The upper end of a read goes on from the
// last time that was seen, that time included, so ties need no tie-breaker; only a single millisecond that holds more lines
// than one answer can carry is read under a point in time with `_shard_doc`.
//
// # Why
//
// `search_after` alone loses lines: whatever it sorts by, a line that becomes visible late lies behind the cursor. A point
// in time is frozen and never shows a new line, and opening one on every poll touches every shard of a pattern, the frozen
// ones too, where a range lets the coordinator skip them. Reading a fixed overlap again finds late lines, but at 5 000 lines
// a second and 20 s of lateness it moves 100 000 known lines on every poll; counting first moves none when nothing changed,
// which is also why the overlap can be minutes. `_id` as a tie-breaker needs fielddata that clusters forbid;
// `event.sequence` and `log.offset` are not always there; `_seq_no` is per shard and says nothing across shards. It is used
// all the same, to ask for the new lines of a span alone; the census proves or disproves the answer.
//
// Requests are go-elasticsearch's (esapi), carried by Elastic's own transport. BaseClient does the same, but lives in a package
// that compiles the whole typed API with it: 850 packages that nothing here calls, and 90 of 275 s of a first build on two
// cores. What it adds is in transport.go: an answer must say that it comes from Elasticsearch.
//
// The sample of the rest is drawn by the server with random_score over `_seq_no`: the same lines are drawn at every reading,
// and those drawn at one in 16 are among those drawn at one in 8, so that a late line joins a sample by the same rule.
package elastic
