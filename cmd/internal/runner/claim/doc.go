// Package claim is the sole right of one process on this machine to drive what divides a service's traffic, whoever's
// state folder its lease is in.
//
// A claim is a name that its holder has bound, as an abstract unix socket (unix(7)): one for each key of the plane. It
// promises: at most one process holds a name; it ends with its process, however that ends, at once, and leaves nothing
// over; whoever is refused learns who holds it, by the kernel's word and within half a second, whatever the holder says
// or does not say; and a holder that was asked to let go finds out at its next [Claim.Held], also when it was stopped
// meanwhile: what came in is heard there, before it answers. A name that the process holds already is shared by its
// services. A rollback never asks for a claim.
//
// Who may have it: the holder's own user and root, who could end the process as well, and whom the holder's config gives
// the role that --steal takes in the thief's own (the caller's rule, [Config.May]). A config without roles names nobody
// else: what keeps strangers from such a runner is the mode of its socket and of its state folder, and neither is in the
// way of this one. A holder that does not answer is not asked for leave: the thief goes on at once, beside it, is told so
// ([Claim.Late]), and has the name as soon as it is free. Until then it holds a second one, the heir's, so that a third
// process is refused and a second thief asks the right one.
//
// Each bound name has one goroutine until it is let go, each caller one for half a second, and each name that is waited
// for one.
//
// # Why
//
// The lease is a file, and a file is somewhere: two users with homes of their own, or a console and a unit with a state
// folder of its own, have two files and drove one router. A lock file in a place that all may write to (/tmp, /run/lock)
// was left aside: whoever made it owns it, others may not open it (fs.protected_regular), it is left over, and what
// stands in it is anybody's. A name in the kernel is nobody's file, and who bound it is the kernel's to say.
//
// The lease stays beside it: it guards the state folder, whose journal a second process of that folder would write, too.
// Whoever mends a journal takes the lease alone. A watchdog takes neither and looks at the lease of its own folder: it only
// takes traffic away, and a name that anybody may bind must not keep it from that.
//
// Where a holder is called is told and not gone to by itself: it is the holder's word, and a console that followed it would
// show what a squatter likes.
//
// A plane has several keys: members of a fleet, addresses behind one host name. Any that two configs share makes them
// meet. What is bound is a hash; no secret goes into a key.
//
// Abstract names belong to a network namespace: containers with networks of their own do not see each other's. Anybody
// may bind a name first. That keeps others from raising a share, and from nothing else; they are told by whom, and steal.
// Other systems than Linux have no such names: there the lease in the state folder is all.
package claim
