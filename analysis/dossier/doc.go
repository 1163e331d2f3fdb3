// Package dossier reads and writes dossiers: JSON lines that hold everything a rollout was judged by, so that anyone can
// judge it again. A stream may hold many; each begins with its header. It works on io.Reader and io.Writer and opens
// nothing.
//
//	{"kind":"dossier","version":1,"id":"r-17","alpha":0.05,"harm_margin":0,"safe_margin":0.5,"step_seconds":15,
//	 "measures":[{"name":"errors","kind":"errors","weight":0.5},{"name":"latency","kind":"latency","edges":[0.1,0.25],"weight":0.5}]}
//	{"kind":"block","t":"2026-01-05T14:00:15Z","share":0.05,
//	 "legacy":{"requests":7430,"errors":70,"latency":[120,300,7010]},"candidate":{"requests":70,"errors":1,"latency":[1,3,66]}}
//
// In a header only kind, version and id are needed: alpha is 0.05 unless given, harm_margin 0, safe_margin 0.5,
// step_seconds 15, and without measures there is one, errors. Measures without any weight share alpha equally; else
// weights must sum to 1, and a measure left without one has 0 and stays outside the call. A measure may carry margins of
// its own. In a block t is its end, strictly later than the block before; an arm that was not scraped is null; so is a
// histogram that was not; share may be null or left out. The first measure of a kind has its counts in the arm itself, a
// further one as an object under its name. Where the first ones counted different requests, as a counter and a histogram
// of two places do, the later stands as {"requests":…,"latency":[…]} in its field. Beside the arms a block may split their requests, as by route:
// "strata":{"/rank":{"legacy":{…},"candidate":{…}},…}, at most 16 in ascending order of their keys, arms as above; where a
// measure is counted in a stratum, all strata add up to the arm. Such a measure is compared
// within each stratum. Lines of the kinds look, action and note are passed on as they are.
//
// Reading is strict: a field that nobody knows, a field twice, counts that are negative, fractional or do not add up are
// errors with file, line and field. The dossier that holds one is broken from there on; reading goes on at the next
// header. Memory does not grow with the stream. A [Reader] reuses its [Block]: keep no part of it over the next line.
//
// # Why
//
// Block lines are read by hand, without an allocation, since ten thousands of them must be judged in the blink of an eye
// after a change of rules; whatever that reader does not expect is left to encoding/json, which also words the errors, and
// a fuzz test holds both to the same result. A tolerant reader was rejected: a misspelt field would silently be a margin
// of 0.
package dossier
