// Package file divides traffic by a file that a router reads: nginx's split_clients, Traefik's weighted services (YAML),
// and Caddy's weighted_round_robin (JSON or Caddyfile).
//
// It promises: only the numbers of the one split change, every other byte of the file stays, nginx's comments within the
// block too; the file is replaced as a whole, by rename within its folder after fsync, with its mode and owner kept; it
// is compared by the hash of its content under a lock right before, so that a ramp never overwrites what somebody else
// wrote since it was looked at; the check runs before the reload, and when it refuses the old content is put back and the
// error says so. A [Plane] owns no goroutine.
//
// A reload that fails puts the old content back too, except in a rollback: there the file keeps nothing for the
// candidate, so that whatever loads it next ends the candidate's traffic, and the reload is tried again by the next try.
//
// # What is known
//
// Configured is what the file says. Effective is known while the content is the one that was last loaded by a reload of
// this plane; that is remembered beside the lock, in .NAME.rampart, so every console and runner of the machine knows.
// Without a reload command (a router that watches its file) it is not known, and traffic alone shows the change.
//
// Routers tell a file no counters: what is observed comes from the metrics.
//
// # Why
//
// The numbers are found by the syntax of each format and cut out at their place, instead of writing the file anew from a
// template: it belongs to the operator, comments and all.
//
// nginx has no "0%": nothing for the candidate is a block with legacy alone. The candidate always stands first, because
// split_clients hands out ranges of a hash in their order: whoever is with the candidate at 5 % is so at 20 % too.
//
// Weights are reduced by their greatest common divisor, because Caddy sends whole runs of requests to one upstream: 19
// and 1 mix better than 95 and 5.
package file
