// Package wire carries what a console needs over a unix socket: HTTP/1.1 between the runner, which owns the engine and
// the writes, and any number of consoles, on this machine or behind ssh.
//
// It promises:
//   - Every console of a service gets the same bytes of the same frame: a frame is encoded once for each publication.
//     Newest wins. A console that takes longer than [Patience] to read is dropped and delays nobody.
//   - What arrives equals what was sent: an unknown number stays unknown with its reason, NaN and Inf become unknown, a
//     text from outside stays a [sources.Text] that prints the same, and errors.Is still finds the kind of an error.
//   - Who acts is told by the kernel (peer credentials), never by the caller alone: a name that a caller claims counts
//     only for users whom the [Host] trusts, and is otherwise kept beside the true one as a claim.
//   - A client of another shape of the frame is refused in plain words. Rolling back is not: /v1/rollback is a document of
//     its own that never changes, so that any console can roll back through any runner.
//   - A client says within five seconds that the runner is away, and goes on by itself when it is back.
//
// [Serve] returns when its context ends and owns every goroutine that it started. A [Client] owns one goroutine, from the
// first Next until the context it was made with ends. Frames that were handed over are never changed.
//
// # Why
//
// Frames and not rendered cells: view state, and the panics in it, stay out of the process that writes. HTTP and not a
// protocol of our own: curl --unix-socket reads it, and deadlines, cancellation and framing are the standard library's.
//
// The JSON is made from a mirror of the Go types (see mirror.go) and not by their own marshallers: those write for people
// ("0.39 %", "stale") and lose digits, while a share that crosses here and comes back as a precondition must be exact. A
// schema compiler (protobuf) was left aside: the frame would stand written twice, and both sides are this binary. The
// mirror's fingerprint is the version that both sides compare, so that a forgotten [frame.Version] cannot mix them up.
package wire
