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
// So does a rollback whose check refuses the old content as well: then the error stands in somebody else's file, the
// message says so, and the next try after it was mended loads ours.
//
// # What is known
//
// Configured is what the file says, and not known while it says what was written from here and never loaded: its writer
// was killed in between, or the load failed in a rollback. Who takes such a file for a split that is set would call a
// rollback done whose candidate still has its traffic. Effective is known while the content is the one that was last loaded by a reload of
// this plane; that is remembered beside the lock, in .NAME.rampart, so every console and runner of the machine knows,
// and taken back right before each write, so that one that was cut off is not taken for one that was done. Without a
// reload command (a router that watches its file) it is not known, and traffic alone shows the change.
//
// A reload is believed by its exit status where the router answers for it (caddy reload does, once it runs the file).
// nginx -s reload only sends a signal: seen with 1.22, a file that nginx -t takes and the master cannot load, for
// another server's address that is in use, ends both commands well and leaves the old split in force. With the pid file
// a reload of nginx counts once its workers are new ones and the old ones are shutting down; without it effective stays
// unknown. An old worker finishes what it began, closes idle connections and answers at most one request of a connection
// that had sent none yet (all three seen): a note counts those workers until their long answers are over.
//
// Routers tell a file no counters: what is observed comes from the metrics.
//
// # Seen with
//
// nginx 1.22 (reload), Caddy 2.11 (a Caddyfile by caddy reload, JSON by --watch) and Traefik 3.6 (YAML that it watches)
// divided the requests of a client by what was written here; their tests run these programs, Caddy's and
// Traefik's only where somebody built them (.ci/install caddy, four minutes of CPU; .ci/install traefik, seventeen).
//
// Caddy before 2.7 has no weights, and while it reloads it cuts a new connection now and then. Traefik takes a traefik.yml
// in the folder where it is started for its static config: the file with the split wants another name there. It answers
// 404 while an editor has written half of a file; what is written from here is there as a whole or not at all.
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
