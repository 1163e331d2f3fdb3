package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"rampart/analysis/frame"
	"rampart/sources"
	"rampart/sources/audit"
)

// deed is something that changes what the traffic, the journal or the masks are, and every way to ask for it. What the
// journal calls it stands in a refusal. An empty way is none: no key, no word of the palette, no command.
type deed struct {
	name    string
	needs   sources.Role
	keys    []string // pressed in this order; "=text" is typed
	palette string
	cli     string                                         // words behind `rampart`
	verb    sources.Verb                                   // asked over the socket by preview and do
	over    func(context.Context, *spoken) (string, error) // asked over the socket by a request of its own
	leaves  sources.EntryKind                              // what the journal has of it where no ramp runs; empty: nothing by itself
}

// deeds is the one table of what takes a role. A verb that is added anywhere is asked for here by TestRoles_EveryVerbHasARow.
func deeds() []deed {
	said := func(err error) (string, error) { return "", err }
	return []deed{
		{name: "rollback", needs: sources.Operator, keys: []string{"R", "enter"}, palette: "rollback", cli: "rollback", verb: sources.RollBack, leaves: sources.EntryIntent},
		{name: "hold", needs: sources.Operator, keys: []string{"H", "enter"}, palette: "hold", cli: "ramp hold", verb: sources.Hold, leaves: sources.EntryReceipt},
		{name: "resume", needs: sources.Promoter, palette: "resume", cli: "ramp resume", verb: sources.Resume, leaves: sources.EntryReceipt},
		{name: "set_split", needs: sources.Promoter, keys: []string{"S", "=30%", "enter", "enter"}, palette: "split 30%", cli: "ramp split 30%", verb: sources.SetSplit, leaves: sources.EntryIntent},
		{name: "step", needs: sources.Promoter, keys: []string{"P", "enter"}, palette: "step", cli: "ramp step", verb: sources.Step},
		{name: "promote", needs: sources.Promoter, palette: "promote", cli: "ramp promote", verb: sources.Promote},
		{name: "start", needs: sources.Promoter, palette: "start", cli: "ramp start", verb: sources.Start, leaves: sources.EntryRamp},
		{name: "stop", needs: sources.Operator, palette: "stop", cli: "ramp stop", verb: sources.Stop},
		{
			name: "approve", needs: sources.Promoter, keys: []string{"A", "=25% seen by two", "enter"}, palette: "approve 25%", cli: "ramp approve 25%", leaves: sources.EntryApproval,
			over: func(ctx context.Context, r *spoken) (string, error) {
				return said(r.Approve(ctx, sources.Approval{Candidate: r.shown.Shown().Identity.Candidate, To: sources.ShareOf(.25)}))
			},
		},
		{
			name: "confirm", needs: sources.Promoter, palette: "confirm", cli: "ramp confirm",
			over: func(ctx context.Context, r *spoken) (string, error) { return said(r.Confirm(ctx, "")) },
		},
		{
			name: "unlock", needs: sources.Promoter, palette: "unlock 10m release", cli: "ramp unlock 10m", leaves: sources.EntryUnlock,
			over: func(ctx context.Context, r *spoken) (string, error) {
				return said(r.Unlock(ctx, time.Minute, "release"))
			},
		},
		{
			name: "unmask", needs: sources.Operator, keys: []string{"5", "u", "=ticket 7", "enter"}, leaves: sources.EntryNote,
			over: func(ctx context.Context, r *spoken) (string, error) {
				_, err := r.Unmask(ctx, time.Minute, "ticket 7")
				return said(err)
			},
		},
		{
			name: "note", needs: sources.Viewer, palette: "note seen", leaves: sources.EntryNote,
			over: func(ctx context.Context, r *spoken) (string, error) { return said(r.Note(ctx, "seen")) },
		},
		{
			name: "export", needs: sources.Viewer, keys: []string{"5", "x"},
			over: func(ctx context.Context, r *spoken) (string, error) {
				_, err := r.Export(ctx, frame.LogsQuery{}, sources.Window{From: r.Now().Add(-time.Minute), To: r.Now()}, io.Discard)
				return said(err)
			},
		},
		{name: "steal", needs: sources.Operator, cli: "run --steal it-hangs"},
		{name: "mend", needs: sources.Operator, cli: "audit mend"},
	}
}

// denials are the lines of a journal that tell that somebody's role does not suffice for something.
func denials(all []sources.Entry, who string, d deed) []sources.Entry {
	var out []sources.Entry
	for _, e := range all {
		if e.Kind == sources.EntryRefusal && e.Actor == who && e.Verb == d.name && d.tells(e.Text, who) {
			out = append(out, e)
		}
	}
	return out
}

// tells tells whether a text says who has which role and which one it takes. A split that is refused before its share is
// known may be one that goes down.
func (d deed) tells(text, who string) bool {
	has := fmt.Sprintf("%s has the role %s; %s takes ", who, people()[strings.TrimSuffix(who, "-cli")], d.name)
	return strings.Contains(text, has+d.needs.String()) || d.verb == sources.SetSplit && strings.Contains(text, has+sources.Operator.String())
}

func TestRoles_FromKeysAndPaletteEveryVerbIsAllowedOrRefusedByNameAndWrittenDown(t *testing.T) {
	for _, d := range deeds() {
		for way, do := range map[string]func(bench){"keys": d.press, "palette": d.entered} {
			if way == "keys" && d.keys == nil || way == "palette" && d.palette == "" {
				continue
			}
			for who, role := range people() {
				t.Run(fmt.Sprintf("%s by %s, %s", d.name, way, who), func(t *testing.T) {
					atRamp(t, who, func(t *testing.T, c bench) {
						do(c)
						d.judge(t, who, role, c.journal.entries(), c.Screen())
						if role < d.needs && (c.router.writes > 0 || *c.exported > 0) {
							t.Errorf("refused, and %d writes were sent", c.router.writes)
						}
						if d.name == "export" && *c.exported != 1 {
							t.Errorf("exported %d times\n%s", *c.exported, c.Screen())
						}
					})
				})
			}
		}
	}
}

// judge holds what the journal says against the table.
func (d deed) judge(t *testing.T, who string, role sources.Role, all []sources.Entry, said string) {
	t.Helper()
	got := denials(all, who, d)
	left := false
	for _, e := range all {
		left = left || e.Kind == d.leaves && e.Actor == who
	}
	switch refused := role < d.needs; {
	case refused && len(got) != 1:
		t.Errorf("the journal has %d lines that %s lacks %s, want one:\n%v\n%.900s", len(got), who, d.needs, all, said)
	case !refused && len(got) > 0:
		t.Errorf("refused: %s", got[0].Text)
	case d.leaves != "" && left == refused:
		t.Errorf("the journal has an entry %q: %v, refused: %v:\n%v\n%.900s", d.leaves, left, refused, all, said)
	}
}

// press presses the deed's keys.
func (d deed) press(c bench) {
	for _, k := range d.keys {
		if text, ok := strings.CutPrefix(k, "="); ok {
			c.Type(text)
		} else {
			c.Press(k)
		}
		c.Settle()
	}
	c.Wait(time.Second)
}

// entered types the deed into the palette, and the word that a leap takes.
func (d deed) entered(c bench) {
	c.Press(":")
	c.Type(d.palette)
	c.Press("enter")
	c.Settle()
	c.Type("30%")
	c.Press("enter")
	c.Wait(time.Second)
}

func TestRoles_OverTheSocketAndOnTheCommandLineEveryVerbIsAllowedOrRefusedByNameAndWrittenDown(t *testing.T) {
	t.Parallel()
	more := strings.TrimSuffix(rolesOfPeople, "}\n") + ", vi-cli: viewer, op-cli: operator, pro-cli: promoter, bg-cli: breakglass}\n"
	s := runnerOver(t, more)
	var wg sync.WaitGroup
	for who, role := range people() {
		r := s.console(t, who)
		wg.Go(func() {
			for _, d := range deeds() {
				d.attached(t, r, who, role)
				d.commanded(t, s, who+"-cli", role)
			}
		})
	}
	wg.Wait()
	all := s.journal(t)
	for who, role := range people() {
		for _, d := range deeds() {
			for name, way := range map[string]bool{who: d.verb != 0 || d.over != nil, who + "-cli": d.cli != ""} {
				if got := denials(all, name, d); way && (len(got) > 0) != (role < d.needs) {
					t.Errorf("%s by %s, a %s: the journal has %d lines of a refusal", d.name, name, role, len(got))
				}
			}
		}
	}
}

// attached asks over the socket. What was refused is tried all the same, what was not is left at its preview.
func (d deed) attached(t *testing.T, r *spoken, who string, role sources.Role) {
	why := ""
	switch {
	case d.verb != 0:
		why = attached(t, r, wish{verb: d.verb, to: .3})
	case d.over != nil:
		if _, err := d.over(t.Context(), r); err != nil {
			why = err.Error()
			if role < d.needs && !errors.Is(err, sources.ErrDenied) {
				t.Errorf("%s by %s over the socket is refused as %v", d.name, who, err)
			}
		}
	default:
		return
	}
	if d.tells(why, who) != (role < d.needs) {
		t.Errorf("%s by %s over the socket: %q", d.name, who, why)
	}
}

// commanded asks on the command line: whoever may only looks, whoever may not does.
func (d deed) commanded(t *testing.T, s *stand, who string, role sources.Role) {
	if d.cli == "" || d.name == "steal" && role >= d.needs { // the runner of this test is stolen elsewhere
		return
	}
	env := func(k string) string { return map[string]string{"RAMPART_STATE": s.dir, "RAMPART_ACTOR": who}[k] }
	words := append(strings.Fields(d.cli), "-c", s.config, "--service", "ranker")
	if top, _, _ := strings.Cut(d.cli, " "); top == "ramp" || top == "rollback" {
		words = append(words, "--yes", "--reason", "release")
		if role >= d.needs {
			words = append(words, "--dry-run")
		}
	}
	var out, complained bytes.Buffer
	code := run(t.Context(), words, streams{env: env, in: strings.NewReader(""), out: &out, err: &complained})
	said := complained.String()
	if refused := role < d.needs; d.tells(said, who) != refused || refused && code != exitRefused {
		t.Errorf("rampart %s by %s ends with %d and says %q", d.cli, who, code, said)
	}
}

// journal reads all that the stand's runner and consoles wrote.
func (s *stand) journal(t *testing.T) []sources.Entry {
	t.Helper()
	j, err := audit.Open(filepath.Join(s.dir, "demo", "audit.jsonl"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []sources.Entry
	for e, err := range j.Entries(t.Context(), 1) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}
