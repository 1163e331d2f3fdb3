// Package engine observes one service: it asks the metrics source for blocks, the plane for the split and the log
// source for lines, lets the judge decide, and publishes one immutable frame after each change. Console, check and
// runner all read these frames; there is no second way to a call.
//
// An Engine owns its goroutines: they begin in Run and have ended when Run returns. Readers call Next from any
// goroutine; a slow reader loses nothing, because a frame is cumulative and only the newest is kept. The engine never
// writes to a plane and cannot: it may not import package action.
//
// A rollout begins with a new candidate identity. The engine finds its first request and judges every block from there
// on, so that a console opened in the middle of an incident says at once what one opened an hour ago says.
//
// Four parts stand below: past (what is done with blocks of hours ago), evidence (what the judge says of the blocks, from
// one goroutine), logbook (what the log source said) and predictions (what lines say of answers and labels); the last two
// lock themselves.
//
// # Why
//
// Polling loops of their own for metrics, plane and logs instead of one: a source that hangs must not make the others
// old.
//
// What only a screen shows, charts and the evidence block by block, is made when a reader asks for the whole frame: in a
// runner of hundreds of services it would be most of the memory, and nobody looks at most of them. Of what it is made is
// copied with the frame and never changed, so it says what it would have said at once.
//
// The parts are packages and not files, so that what they keep between two frames cannot be reached from here: a frame
// is made of what they hand out.
package engine
