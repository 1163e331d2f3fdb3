package process

import (
	"errors"
	"fmt"
	"io/fs"
	"os/exec"

	"rampart/sources"
)

// Status is how the program of a failed [Run] ended: its exit status, or -1 where a signal ended it. ended is false
// where it did not end by itself or never began.
func Status(err error) (status int, ended bool) {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.ExitCode(), true
	}
	return 0, false
}

// Missing tells a failure to start that a person must mend: there is no such program, or no right to run it.
func Missing(err error) bool {
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission)
}

// With adds a program's words to its failure, harmless as they print.
func With(err error, aside sources.Text) error {
	if aside.IsZero() {
		return err
	}
	return fmt.Errorf("%w; it said: %v", err, aside)
}
