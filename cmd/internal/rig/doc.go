// Package rig runs the real programs that rampart works with and drives the built binary from outside, as an operator or a CI job does.
//
// Parts: HAProxy, Prometheus, an Elasticsearch node behind a gate, an OpenSSH server, two arms of model servers whose errors and latency can be
// switched while requests run, a load generator, and a console that holds `rampart watch` in a pseudo terminal and reads its screen.
// Each part is started by a function that returns when the part answers, and is stopped by its Stop, which may be called twice.
// A program that is not installed is reported as a [*Missing], so that a test can skip where that is fair and fail where it is not.
//
// Everything listens on loopback, on ports that were free a moment before; every request loop is bounded in rate and time; what a program prints
// goes to a file in the rig's directory, and the end of that file is part of the error when the program does not come up.
// A part owns its goroutines and its child process; Stop returns when they are gone. A child dies with the rig even if the rig is killed.
//
// # Why
//
// The package imports nothing of ours: a shared type would let a mistake in that type agree with itself. The counts that prove a rollback are
// read from HAProxy's own socket with the few lines of runtime.go, not through the adapter under test.
// Model servers live in the test process: their requests, histograms and log lines are as real as in a process of their own, and an arm can be
// made to fail by swapping one pointer. Elasticsearch has no security in this assembly, so the gate adds TLS, a read-only key and the
// refusals that a real cluster gives; the lines themselves go to the node directly, as a shipper with its own credentials would do.
package rig
