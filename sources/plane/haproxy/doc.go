// Package haproxy divides traffic by the weights of a backend's servers, over HAProxy's runtime API.
//
// It promises: the share that it reports is always computed from what HAProxy says now, never from what was asked; a
// write counts as accepted only when its answer is empty, because HAProxy has no error codes; a command that may have
// left this process is never sent again from here; and between any two writes of a change the candidate's share stays
// between where it was and where it goes, without ever leaving the backend with no weight at all. A [Plane] owns no
// goroutine beyond a call and may be used by many at once. What it remembers is one baseline of counters for each
// change that it applied, so that [Plane.Confirm] can count the requests routed since. A [Lookout] lets the planes of one
// process that only look be answered together; what leads to a write, or follows it, each plane reads by itself.
//
// The share of a member is the candidate's part of the weights, sum(candidate) / sum(all), in whole weights of 0 to 256
// for each server (HAProxy management guide, "set server"). With one server each the finest share is 1/257, 0.39 %.
// The plane looks for the weights nearest to the asked share that keep the servers' proportions within each arm.
//
// # Why
//
// Absolute weights and never "%": HAProxy takes a percentage of the weight in its file, not of the traffic, so "50%" of
// a server that starts at 0 is 0.
//
// Down means candidate first, up means candidate last, because commands joined by ";" are no transaction: when the
// second fails, the first holds. The two exceptions keep the backend from having no weight at all: to the whole, the
// candidate gets its weight before legacy loses its own; and back from the whole, legacy gets its own first.
//
// Several members (processes or hosts) are written one after the other when ramping up, the first read back before the
// second is touched, stopping at the first failure, and all at once when rolling back, going on at every failure. When they disagree the merged split is unknown: a mean
// of members is true for nobody.
//
// A rollback has a second way, [sources.Drain]: "set server b/s state drain", for a weight that is refused or that an agent
// check sets again at once. A drained server gets no new requests whatever its weight, but those that stick to it by a
// cookie or a stick table still arrive (management guide, "set server state"), so that only the counters say whether it
// was enough. It is never the first way, because HAProxy does not keep who drained a server and why, and somebody has to
// end it. Nothing is drained while no legacy server takes requests. An agent check that says "ready" undoes a drain as
// well, which is told as a revert and not fought. What ramps up makes ready only those servers that the journal knows, and
// last, on a line of its own: made ready before it took its weight, a server would get requests that nobody asked for.
//
// A reload starts a new process with the weights of the file. It is told by the process id and its start time, which
// together are a member's epoch.
//
// The runtime API has no compare-and-set. Apply reads once more right before it writes, which narrows the gap between
// the operator's look and the write without closing it; [sources.Caps] says so.
//
// Data Plane API and edits of the file were left out: the first is a second service with its own users, the second needs
// a reload, and neither is there on the day of the incident unless somebody prepared it.
package haproxy
