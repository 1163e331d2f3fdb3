package promserver_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"rampart/sources/demo/fault"
	"rampart/sources/demo/world"
)

func TestFaults_LookToTheClientAsTheRealOnesDo(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = time.Minute })
	for _, c := range []struct {
		what string
		kind fault.Kind
		want v1.ErrorType // empty: an error below HTTP
		text string
	}{
		{"refused", fault.Refuse, "", ""},
		{"401", fault.Unauthorized, v1.ErrClient, "401"},
		{"403", fault.Forbidden, v1.ErrClient, "403"},
		{"422", fault.Unprocessable, v1.ErrExec, "too many samples"},
		{"429", fault.TooMany, v1.ErrClient, "429"},
		{"503", fault.Down, v1.ErrServer, "503"},
		{"HTML", fault.HTML, v1.ErrBadResponse, "invalid character"},
		{"half an answer", fault.Truncated, v1.ErrBadResponse, "unexpected end"},
	} {
		r.server.Fault.Set(c.kind)
		_, _, _, err := r.Query(t.Context(), "up", r.now)
		e, ok := errors.AsType[*v1.Error](err)
		if err == nil || ok != (c.want != "") || ok && (e.Type != c.want || !strings.Contains(e.Msg+e.Detail, c.text)) {
			t.Errorf("%s: %v (%+v)", c.what, err, e)
		}
	}
	r.server.Fault.Set(fault.None)
	if _, _, _, err := r.Query(t.Context(), "up", r.now); err != nil {
		t.Errorf("healed: %v", err)
	}
}

func TestFaults_AHangEndsWithTheQuestion(t *testing.T) {
	r := serve(t, func(s *world.Spec) { s.History = time.Minute })
	r.server.Fault.Set(fault.Hang)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, _, err := r.Query(ctx, "up", r.now); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
