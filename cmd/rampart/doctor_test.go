package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"rampart/sources"
)

// readable is a plane that tells its split and says with it what it lets us do.
type readable struct {
	sources.Plane
	notes []sources.Note
}

func (readable) Caps(context.Context) (sources.Caps, error) {
	return sources.Caps{Kind: "haproxy", Writes: true}, nil
}

func (r readable) Read(context.Context) (sources.Reading, error) {
	return sources.Reading{Notes: r.notes}, nil
}

func TestDoctor_ARouterThatRefusesWritesIsAFindingBeforeTheFirstRollback(t *testing.T) {
	for _, c := range []struct {
		kind  sources.NoteKind
		found int
		says  string
	}{
		{sources.NoteDenied, 1, "  BAD  the socket has level operator\n"},
		{sources.NoteWarning, 0, "  note the socket has level operator\n"},
	} {
		var out bytes.Buffer
		a := &ailment{w: &out}
		s := &session{plane: readable{notes: []sources.Note{{Kind: c.kind, Text: sources.NewText("the socket has level operator")}}}}
		s.examinePlane(t.Context(), a)
		if a.found != c.found || !strings.Contains(out.String(), c.says) {
			t.Errorf("%v: %d findings in\n%s", c.kind, a.found, out.String())
		}
	}
}
