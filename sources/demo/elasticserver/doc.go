// Package elasticserver is an Elasticsearch that holds the log of the demo's world: the search API over a ring of lines, with a small interpreter of the query language.
//
// It promises the wire of Elasticsearch 8 for what a log console, curl or Grafana asks: search with its common queries, sorts and aggregations, points in time, multi
// search, count, field capabilities, bulk, and errors in the server's own shape; every answer carries X-Elastic-Product. Times are the world's. A line is found only
// after it was ingested and the next refresh has passed, so late lines are late here too. What the interpreter does not know is a 400, never a wrong answer.
//
// A Server owns no goroutine beyond those of net/http. Documents are immutable once they are stored.
//
// Why a scan of a ring and no index: a hundred thousand lines are read through in a few milliseconds, which an inverted index would cost in memory and start-up many
// times over; and old lines go without a trace.
package elasticserver
