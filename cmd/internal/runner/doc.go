// Package runner drives the ramp of one service: a [Driver] looks at what the engine publishes, asks [ramp.Next] what to
// do, journals where the ramp then stands, and lets the desk do it. It decides nothing itself and touches no plane.
//
// It promises:
//   - What a ramp is about to do is in the journal, synced, before the desk is asked to do it. A rollback does not wait
//     for that.
//   - A runner that was killed at any instant goes on from the journal when it starts again. Whether a share that it was
//     about to set was set is found out by reading the plane; nothing is sent to find out.
//   - Only the holder of the service's lease raises a share, and asks anew whether it still is the holder before it does.
//   - Whoever takes traffic away by hand ends the ramp; whoever asks for the next step does it under their own name,
//     conditional on what was on their screen.
//
// A Driver owns its goroutines: they begin in [Driver.Run] and have ended when it returns. What the desk was asked to do
// goes on in the desk.
//
// # Why
//
// The driver keeps no state that is not the journal's: [ramp.State] after each change, as one entry. Replaying entries
// to rebuild it was left aside, because what a later version of the rules makes of old events is not what happened.
//
// One look at a time, from one goroutine: a frame, a second that passed, a person's wish and an action's outcome all
// arrive as a reason to look, and everything that is known then goes into one call.
package runner
