package dossier

import (
	"fmt"
	"strconv"

	"rampart/sources"
)

// FieldError says what is wrong with one field.
type FieldError struct {
	Field string // "legacy.errors"; empty: the line as a whole
	Cause string
}

// Error prints `field: cause`, harmless whatever the bytes were.
func (e *FieldError) Error() string {
	if e.Field == "" {
		return sources.Visible(e.Cause)
	}
	return sources.Visible(e.Field + ": " + e.Cause)
}

func bad(field, format string, args ...any) error {
	return &FieldError{Field: field, Cause: fmt.Sprintf(format, args...)}
}

// Error is a fault in a stream, with its place.
type Error struct {
	File string
	Line int
	ID   string // the dossier that is broken by it; empty: it lies before any
	// AtHeader is set where the header itself is wrong, so that the dossier before is whole.
	AtHeader bool
	Cause    error
}

// Error prints `file:line: field: cause`.
func (e *Error) Error() string {
	return sources.Visible(e.File) + ":" + strconv.Itoa(e.Line) + ": " + e.Cause.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }
