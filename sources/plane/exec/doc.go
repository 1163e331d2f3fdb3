// Package exec divides traffic through a command of your own: each of the five calls of package protocol runs it once,
// with the request on stdin and the answer on stdout. testdata/planes/exec.py is one to copy.
//
// It promises: the command is run without a shell, in a process group of its own, and the whole group is killed at the
// deadline and when it prints more than an answer may be; stderr is kept as [sources.Text], its end only, and told with
// every failure; a command that could not be started did nothing, and one that started and gave no proper answer to an
// apply has an outcome that is not known. A [Plane] owns no process beyond a call.
//
// An error is best told as {"error":{...}} on stdout, with any exit status. An exit status other than 0 without it is a
// failure too, told with the end of stderr.
//
// # Why
//
// A command for each call and not one that stays: nothing of it can hang between calls, leak or miss an upgrade, and it
// can be tried by hand with echo. The price is its start for each look, which a script has and nobody will feel.
package exec
