// Package notify is what all receivers of notices have in common: a road over HTTP that keeps secrets to itself, and the
// document that machines are sent.
//
// It promises: one request for each notice, asked once more with fresh secrets when it was refused as 401 or 403; a
// redirect is refused, because the address is as secret as what is sent to it; an error names the host and never a path,
// a query or a header, and repeats nothing that came back unless the receiver's own package says that it is harmless. A
// [Road] owns no goroutine beyond a call and may be used by many at once.
//
// # Why
//
// The whole address is a secret: whoever knows the path of a Slack webhook can write into its channel. Kinds decide what
// the caller does: denied and invalid notices are given up, unreachable and throttled ones are tried again. A notice that
// was sent and not answered counts as unreachable and is tried again under the same idempotency key, because hearing
// twice is better than not hearing.
package notify
