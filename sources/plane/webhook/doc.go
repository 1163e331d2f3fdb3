// Package webhook divides traffic through a web server of your own: what is set is read by GET from one URL, and written
// by POST to another, with the documents of package protocol.
//
// It promises: a write is sent once and never again from here, not even by net/http, which would replay a request with
// an Idempotency-Key on a connection that broke; one that was sent and not answered as agreed is ErrAmbiguous; redirects
// are refused; no error holds a secret, even when the server repeats it. A [Plane] owns no goroutine beyond a call.
//
// # On the wire
//
//	GET  READ_URL                                     answers {"read":{"rev":"12","candidate_percent":5,...}}
//	POST WRITE_URL  {"version":1,"call":"apply",...}  answers {"intent_id":"7f3a","said":"..."}
//
// Both carry Authorization: Bearer TOKEN where one is given. With a secret both are signed:
//
//	Rampart-Signature: t=1795262400,v1=HEX
//
// where HEX is HMAC-SHA256 (RFC 2104) by the secret of "t.METHOD.PATH?QUERY.BODY", joined by dots, t in Unix seconds. A
// server compares in constant time and refuses a t that is more than five minutes off. POST carries Idempotency-Key, the
// intent's id: the same one again must not be done twice. A server must not answer it with a remembered failure.
//
// Status codes without a document that tells an error: 401 and 403 are denied, 409 and 412 conflict, 429 throttled with
// its Retry-After, 3xx and 404 unreachable (somebody else answered), other 4xx invalid. 5xx are unreachable when reading;
// when writing their outcome is not known.
//
// # Why
//
// A signature beside the bearer token, because a token in a header is everyone's who terminates TLS on the way, and a
// signed body cannot be replayed later or changed. What the plane can do stands in the config and not behind a third
// URL: such servers are small.
package webhook
