// Package logtmpl turns a stream of log lines into the few templates that made them, online and in one pass: what stays
// is text, what changes is a placeholder such as <num>, <ip> or <*>.
//
// A [Miner] promises bounded memory ([Config]), no allocation for a line of a known form, and ids that stay: the id of a
// template is the hash of the form it was born with, and an id once given out can be resolved after templates were
// joined or miners merged. A Miner is not safe for concurrent use; keep one per arm and [Miner.Merge] them. Lines are
// untrusted bytes of any length: only the first 8 KiB shape a template, and template text travels as [sources.Text].
//
// How: [scan] reads a line once and hashes its normal form, in which numbers, addresses, paths, quoted values and runs of
// such are one mark each. A known hash is the whole work for most lines. A new one is split into tokens; templates of
// the same shape (same marks, same number of places) form a family, and a place becomes a variable when enough templates
// differ there and nowhere else, or when one of them already has a variable there. How many are enough depends on the
// place: names after a noun such as "user" need few, words that say what happened ("failed", "true", "ERROR") need many.
//
// Why not Drain's fixed-depth tree with a similarity threshold (He et al., ICWS 2017): on short lines its threshold joins
// "VM started" with "VM stopped", and on long ones it splits "user=root" from "user=test"; a count of distinct values per
// place separates the two cases with one set of defaults. Why no regular expressions as masks: a hand-written scan is
// thirty times faster, and its rules are about kinds of tokens, never about one system's logs.
package logtmpl
