package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"rampart/sources"
)

// confirm asks once; off a terminal only --yes goes on. A signal is an answer too: until then nothing was done.
func (g *globals) confirm(ctx context.Context, op string, yes bool, c sources.Confirmation) (word string, err error) {
	if yes {
		return c.Word, nil
	}
	if !isTerminal(g.in) {
		return "", usage(errors.New(op + ": not a terminal: say --yes to go on, or --dry-run to look"))
	}
	ask := op + "? y/N "
	if c.Word != "" {
		ask = fmt.Sprintf("%s; type %s to go on: ", c.Why, c.Word)
	}
	fmt.Fprint(g.err, ask)
	answer, err := g.line(ctx)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(g.err)
		return "", &exitError{exitInterrupted, fmt.Errorf("%s: %w: nothing was done", op, context.Cause(ctx))}
	case err != nil && answer == "":
		return "", &exitError{exitRefused, errors.New(op + ": no answer: nothing was done")}
	}
	answer = strings.TrimSpace(answer)
	if c.Word == "" && (answer == "y" || answer == "yes") || c.Word != "" && answer == c.Word {
		return c.Word, nil
	}
	return "", &exitError{exitRefused, errors.New(op + ": not confirmed: nothing was done")}
}

// line reads a line, until ctx ends: the process catches its signals, so a read alone would wait for an enter all the same.
// Whoever still waits for the terminal then ends with the process.
func (g *globals) line(ctx context.Context) (string, error) {
	type read struct {
		text string
		err  error
	}
	done := make(chan read, 1)
	go func() {
		text, err := bufio.NewReader(g.in).ReadString('\n')
		done <- read{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}
