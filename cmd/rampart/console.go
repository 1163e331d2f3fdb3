package main

import (
	"context"
	"errors"

	"rampart/cmd/internal/engine"
)

// extra is a verb that only some sessions have.
type extra struct {
	key, help string
	do        func() string
}

func (g *globals) console(ctx context.Context, s *session, f watchFlags, t terminal, extras []extra) error {
	return errors.New("no console")
}

var _ = engine.New
