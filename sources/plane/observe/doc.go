// Package observe is the plane of those who may look and not write: traffic is divided by something that rampart cannot
// reach, and rolling back is a command in a runbook.
//
// It promises: the split is what requests show, with its n and interval, and is never passed off as what is set; a plan
// names the exact command to run by hand; and Apply refuses with ErrUnsupported, always. A [Plane] owns no goroutine
// and may be used by many at once.
//
// # Why
//
// A plane and not a special case on the screen: the same preview, the same journal and the same ladder then serve an
// operator who runs the command in another window; Confirm follows it up to "observed" by the requests alone.
//
// Configured and File stay unknown: who copies the observed share into them shows an agreement that nobody measured.
// The share of requests is told as the effective one, which is what it is, after the fact.
package observe
