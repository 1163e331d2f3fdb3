package main

import (
	"errors"
	"strings"
	"testing"

	"rampart/sources"
)

func TestTell_WhatAProgramSaidStandsAsItsLines(t *testing.T) {
	var said strings.Builder
	tell(&said, &sources.Error{
		Op: "write", Target: "split.conf", Cause: errors.New("exit status 1; it said: nginx: [emerg] invalid parameter\x1b[2J\nnginx: test failed"), Fix: "mend it",
	})
	want := `rampart: write split.conf: exit status 1; it said: nginx: [emerg] invalid parameter\x1b[2J` + "\n  nginx: test failed (mend it)\n"
	if said.String() != want {
		t.Errorf("%q, wanted %q", said.String(), want)
	}
}
