// Package peer holds what other canary judges do with the same two error counts, so that they can stand beside ours in
// one simulation: a pooled z-test and a pooled mixture at every look, Kayenta's Mann-Whitney judge, and the fixed
// thresholds of Argo Rollouts' and Flagger's own examples. A peer gets one block at a time and tells whether it would
// have rolled the candidate back. It belongs to one goroutine.
//
// # Why
//
// Each is written from its paper or documentation and plays by its own example, not by a setting chosen here: a peer
// that was tuned by us would say nothing. Where a tool leaves a choice (Kayenta's interval), the choice is kinder to
// the tool and stands at the type.
package peer
