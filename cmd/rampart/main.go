// Command rampart is a terminal console for canary ramps. This package holds flags and wiring only: one file for each
// subcommand, and main, which turns an error into an exit code.
package main

import "os"

// version is set by the build.
var version = "unknown"

func main() {
	ctx := untilSignal()
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv})
	os.Exit(codeBySignal(ctx, code))
}
