package wire

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
)

func TestAttach_LinesWithoutMasksTakeLeaveThatTheRunnerGives(t *testing.T) {
	r := newRunner()
	address := listening(t, r)
	c, other := dialled(t, address, Options{}), dialled(t, address, Options{})
	ctx, bare := t.Context(), frame.LogsQuery{Bare: true}
	if _, err := c.Logs(ctx, bare); !errors.Is(err, sources.ErrDenied) {
		t.Fatalf("without leave: %v", err)
	}
	until, err := c.Unmask(ctx, time.Hour, "ticket 7")
	if err != nil || time.Until(until) < time.Minute {
		t.Fatalf("until %v, %v", until, err)
	}
	if _, err := c.Logs(ctx, bare); err != nil {
		t.Errorf("with leave: %v", err)
	}
	if l, err := c.Line(ctx, "1"); err != nil || l.ID != "bare" {
		t.Errorf("the opened line is %+v, %v", l, err)
	}
	if _, err := other.Logs(ctx, bare); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("another console of the same user, which asked for nothing: %v", err)
	}
	if l, err := other.Line(ctx, "1"); err != nil || l.ID != "1" {
		t.Errorf("the other console's line is %+v, %v", l, err)
	}
	if err := c.Service(ctx, "search"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Logs(ctx, bare); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("leave for one service opens another: %v", err)
	}
	want := []string{me(t) + " unmasks for 1h0m0s: ticket 7", "bare lines of ranker"}
	if !slices.Equal(r.done(), want) {
		t.Errorf("got %q, want %q", r.done(), want)
	}
}

func TestAttach_LeaveEndsWhenItIsGivenBackRefusedOrOver(t *testing.T) {
	r := newRunner()
	c := dialled(t, listening(t, r), Options{})
	ctx, bare := t.Context(), frame.LogsQuery{Bare: true}
	for name, end := range map[string]func() error{
		"given back": func() error { _, err := c.Unmask(ctx, 0, ""); return err },
		"refused": func() error {
			r.refuse = "bob is viewer, it takes operator"
			defer func() { r.refuse = "" }()
			if _, err := c.Unmask(ctx, time.Hour, "again"); !errors.Is(err, sources.ErrDenied) || !strings.Contains(err.Error(), "it takes operator") {
				t.Errorf("a refusal says %v", err)
			}
			return nil
		},
		"over": func() error { _, err := c.Unmask(ctx, time.Nanosecond, "short"); return err },
	} {
		if _, err := c.Unmask(ctx, time.Hour, "why"); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Logs(ctx, bare); err != nil {
			t.Fatalf("%s: with leave: %v", name, err)
		}
		if err := end(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := c.Logs(ctx, bare); !errors.Is(err, sources.ErrDenied) {
			t.Errorf("%s: lines without masks: %v", name, err)
		}
	}
	looks := dialled(t, c.address, Options{ReadOnly: true})
	if _, err := looks.Unmask(ctx, time.Hour, "why"); !errors.Is(err, sources.ErrDenied) {
		t.Errorf("a console that only looks: %v", err)
	}
}

func TestLeaves_AreForOneUserAndForgottenWhenOver(t *testing.T) {
	noon := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	all := leaves{all: map[string]leave{}}
	alice, bob := Peer{Name: "alice", UID: 7}, Peer{Name: "bob", UID: 8}
	word := all.give(leave{"ranker", "alice", 7, noon.Add(time.Minute)}, noon)
	if !all.holds(word, alice, "ranker", noon) || all.holds(word, bob, "ranker", noon) || all.holds("guess", alice, "ranker", noon) || all.holds(word, alice, "search", noon) {
		t.Error("a leave is for who was given it, and for the service that was asked for")
	}
	if all.holds(word, alice, "ranker", noon.Add(time.Minute)) {
		t.Error("a leave outlives its end")
	}
	all.give(leave{"ranker", "bob", 8, noon.Add(time.Hour)}, noon.Add(time.Minute))
	if len(all.all) != 1 {
		t.Errorf("%d leaves are kept", len(all.all))
	}
}

func TestAttach_SeekAnswersFromTheRunner(t *testing.T) {
	c := dialled(t, listening(t, newRunner()), Options{})
	if l, err := c.Seek(t.Context(), frame.LogsQuery{Match: "boom", Bare: true}, "17", true); err != nil || l.ID != "17trueboom" {
		t.Errorf("got %+v, %v", l, err)
	}
	if _, err := c.Seek(t.Context(), frame.LogsQuery{}, "", false); !errors.Is(err, sources.ErrNoData) {
		t.Errorf("nothing there: %v", err)
	}
}

func TestAttach_AnExportIsWholeOrItIsAnError(t *testing.T) {
	r := newRunner()
	c := dialled(t, listening(t, r), Options{})
	w := sources.Window{From: time.Unix(0, 0), To: time.Unix(3000, 0)}
	var out strings.Builder
	n, err := c.Export(t.Context(), frame.LogsQuery{Match: "boom"}, w, &out)
	if rows := strings.Split(strings.TrimSpace(out.String()), "\n"); err != nil || n != 3000 || len(rows) != 3000 || rows[2999] != `{"message":"boom 2999"}` {
		t.Fatalf("%d lines, %d rows, %v", n, len(rows), err)
	}
	r.lost = 1
	if _, err := c.Export(t.Context(), frame.LogsQuery{}, w, &out); !errors.Is(err, sources.ErrPartial) {
		t.Errorf("a line that was lost: %v", err)
	}
	r.lost, r.failed = 0, &sources.Error{Op: "read", Target: "lines", Kind: sources.ErrInvalid}
	if _, err := c.Export(t.Context(), frame.LogsQuery{}, w, &out); !errors.Is(err, sources.ErrInvalid) {
		t.Errorf("a failure in the middle: %v", err)
	}
}

func TestServe_WhatReadsLinesIsDecodedStrictly(t *testing.T) {
	address := listening(t, newRunner())
	for _, path := range []string{"/v1/seek", "/v1/export", "/v1/unmask"} {
		for body, want := range map[string]int{
			"{": http.StatusBadRequest, `{"Service":"ranker","Sudo":true}`: http.StatusBadRequest, `{"Service":"nosuch"}`: http.StatusBadRequest,
			`{"Service":"ranker","Seek":{"To":"1"}}`: http.StatusBadRequest,
		} {
			if code, said := raw(t, address, http.MethodPost, path, Shape(), strings.NewReader(body)); code != want {
				t.Errorf("%s %q: %d %s", path, body, code, said)
			}
		}
		if code, _ := raw(t, address, http.MethodPost, path, "0-deadbeef", strings.NewReader("{}")); code != http.StatusConflict {
			t.Errorf("%s: another version: %d", path, code)
		}
	}
}
