// Package judge puts evidence, guards, gauges and freshness into one [analysis.Verdict], decided once: the call by its
// order of precedence, the reasons as sentences, what would change it and what to do. Evidence itself is made by
// package score; nothing is computed here that an auditor could not read off the same line.
//
// The first call that holds wins: no candidate traffic, worse (latched for the rollout), no data, stale, safe,
// undecided. Missing data can end a safe call and never makes one.
//
// Why the router can withhold safe: evidence is made of what the application counts, and a candidate that crashes counts
// nothing. As long as the router says that its requests fail or that its servers are down, the call is undecided, with
// that as its reason; worse stays a matter of evidence, so that a router's fault alone rolls nothing back.
package judge
