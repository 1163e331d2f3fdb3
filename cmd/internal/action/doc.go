// Package action is the one door to the traffic plane: a [Desk] is the only caller of [sources.Plane]'s Apply.
//
// It promises, in this order of weight:
//   - A rollback is never in its own way. It needs no unlocking, and neither stale data, a freeze, a hold, a journal
//     that cannot be written nor a split that moved stops it. An unreachable plane is tried again until it answers.
//     Only the viewer's role, read-only, and another legacy than the one on the screen refuse it.
//   - What ramps up is refused on any doubt: role, lock, hold, stale data, a freeze, an alert, a candidate without a
//     server, a split or an identity that is not the one on the screen, a journal that cannot be written. A leap, and all
//     of the traffic, is typed out by whoever sets it by hand.
//   - The intent is in the journal, synced, before the plane hears of it.
//   - Nothing is sent twice blindly: whatever has no known outcome is read back first.
//   - Nobody is told "done". Progress names the highest rung that was seen, when, and what is missing for the next.
//
// What went wrong with other tools, and the test that holds each of it here, stands in testdata/failures.yaml; what an
// operator may rely on, in testdata/promises.yaml.
//
// Each action runs in a goroutine of the desk, under the context that the desk was made with: closing a terminal never
// stops a rollback half-way. Cancel that context and call [Desk.Wait] to end. Values handed out ([sources.Progress],
// [sources.Preview]) are never changed afterwards.
//
// # Why
//
// Roles are checked here and not on the screen, because there is more than one screen. A [Seat] binds a desk to one
// actor, so that nobody can ask in another's name.
//
// What is held and who has unlocked is a fold of the journal and kept nowhere else: another console's hold counts here,
// and a restart forgets nothing. A rung, too, is only worth what the journal says of it.
//
// The desk compares the split before it writes and the plane compares again; HAProxy has no compare-and-set, so between
// two desks the last writer still wins. The watch for reverts is what sees that.
//
// A rollback whose way did not do goes on to the next one that the plane has, as the same action: one intent, journalled
// again before each write, one track, one end. An action of its own would need somebody to ask for it, and whoever waits
// for the first would be told that it failed. No way is gone twice: who undoes the last one is told of and not fought.
//
// Confirming again after a conflict is left to a person on the way up and done by the desk on the way down: a rollback
// means the same whatever the split is, a ramp does not.
package action
