package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"rampart/cmd/internal/adapters"
	"rampart/cmd/internal/config"
	"rampart/cmd/internal/report"
	"rampart/sources"
	"rampart/sources/audit"
)

// skewTold is how far clocks may differ before it is said: a third of the usual block.
const skewTold = 5 * time.Second

// doctorFlags are how it is told, and whether receivers get a test notice.
type doctorFlags struct {
	output string
	send   bool
}

func newDoctor(g *globals) *cobra.Command {
	var f doctorFlags
	cmd := &cobra.Command{
		Use: "doctor", Args: args(cobra.NoArgs),
		Short: "Ask every source: reachable, who we are, what each query found, what to change",
		RunE:  func(cmd *cobra.Command, _ []string) error { return g.doctor(cmd.Context(), f) },
	}
	cmd.Flags().VarP(outputOf(&f.output, "text", "json"), "output", "o", "text or json (rampart config schema --of doctor)")
	cmd.Flags().BoolVar(&f.send, "notify", false, "send a test notice to every receiver of the service")
	return cmd
}

// ailment tells what was found, as it is found, and counts what is wrong.
type ailment struct {
	w     io.Writer
	found int
	demo  bool // the context is a demo's world
	on    string
	all   []report.Finding
}

// about says what the next findings are of.
func (a *ailment) about(format string, args ...any) {
	a.on = fmt.Sprintf(format, args...)
	fmt.Fprintln(a.w, a.on)
}

func (a *ailment) good(format string, args ...any) { a.tell("ok", "ok   ", format, args) }

func (a *ailment) note(format string, args ...any) { a.tell("note", "note ", format, args) }

func (a *ailment) bad(format string, args ...any) {
	a.found++
	a.tell("bad", "BAD  ", format, args)
}

func (a *ailment) tell(level, mark, format string, args []any) {
	f := report.Finding{About: a.on, Level: level, Text: fmt.Sprintf(format, args...)}
	a.all = append(a.all, f)
	fmt.Fprintln(a.w, "  "+mark+f.Text)
}

func (g *globals) doctor(ctx context.Context, f doctorFlags) error {
	c, x, err := g.load()
	if err != nil {
		return err
	}
	a := &ailment{w: g.out, demo: x.Context.Env == "demo"}
	if f.output == "json" {
		a.w = io.Discard
	}
	a.about("config %s: good; context %s", c.Path, x.Name)
	s, err := g.open(c, x, sessionFlags{})
	if err != nil {
		return err
	}
	defer s.close()
	ctx, cancel := context.WithTimeout(ctx, askDeadline)
	defer cancel()
	if err := s.examineMetrics(ctx, a); err != nil {
		return err
	}
	s.examinePlane(ctx, a)
	if err := s.examineLogs(ctx, a); err != nil {
		return err
	}
	s.examineReceivers(ctx, g, a, f.send)
	s.examineSelf(ctx, a)
	if f.output == "json" {
		sum := report.Checkup{Config: c.Path, Context: x.Name, Service: s.name, Findings: a.all, Bad: a.found}
		if err := sum.Write(g.out); err != nil {
			return err
		}
	}
	if a.found > 0 {
		return &exitError{exitStale, fmt.Errorf("doctor: %s", config.Count(a.found, "finding", "findings"))}
	}
	return nil
}

// told prints what a source says of itself; false when it does not answer.
func (a *ailment) told(h sources.Health) bool {
	a.about("%s %s", h.Source, h.Target)
	if h.Err != nil {
		a.bad("%s", sources.Visible(h.Err.Error()))
		return false
	}
	who := h.Who.String()
	if who == "" {
		who = "not told"
	}
	a.good("reachable in %s, version %s, we are: %s", h.RTT.Round(time.Millisecond), orDash(h.Version.String()), who)
	skewed := h.Skew.Abs() > skewTold
	switch {
	case skewed && a.demo:
		a.note("its clock differs from ours by %s, as that of a demo does that runs faster than time", h.Skew.Round(time.Second))
	case skewed:
		a.bad("its clock differs from ours by %s: set the time of one of them", h.Skew.Round(time.Second))
	}
	for _, n := range h.Notes {
		if skewed && n.Kind == sources.NoteSkew {
			continue // it is told
		}
		a.note("%s", n.Text)
	}
	return true
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// examineMetrics asks for the last five minutes of every measure and says what came.
func (s *session) examineMetrics(ctx context.Context, a *ailment) error {
	metrics, err := adapters.Prometheus(s.chosen.Context)
	if err != nil {
		return usage(err)
	}
	if metrics == nil {
		a.about("prometheus: none configured")
		return nil
	}
	if !a.told(metrics.Health(ctx)) {
		a.note("its address is contexts.%s.prometheus.url in %s", s.chosen.Name, s.cfg.Path)
		return nil
	}
	end := sources.Align(s.clock.Now(), s.service.Step)
	w := sources.Window{From: end.Add(-5 * time.Minute), To: end}.Aligned(s.service.Step)
	for _, w := range ask(ctx, metrics, s.cfg, s.service, s.clock.Now()) {
		s.examineSeries(a, w)
	}
	for _, d := range s.service.Drift {
		got, err := metrics.Distributions(ctx, d.Query, w)
		if err != nil {
			a.bad("%s: %s", d.Name, sources.Visible(err.Error()))
			continue
		}
		a.good("%s: %s", d.Name, config.Count(len(got), "distribution", "distributions"))
	}
	if q := s.service.Identity; q != nil {
		ids, err := metrics.Identities(ctx, *q, w)
		if err != nil {
			a.bad("version: %s", sources.Visible(err.Error()))
		}
		for _, id := range ids {
			a.good("version: %s runs %s", id.Arm, id.Version)
		}
	}
	return nil
}

// examineSeries says how many series a measure has, how old, and what is wrong with it in the config.
func (s *session) examineSeries(a *ailment, w answer) {
	for _, m := range w.wrong {
		a.bad("%s: %s", w.Measure, m)
	}
	if w.Err != nil && len(w.wrong) == 0 {
		a.bad("%s: %s", w.Measure, sources.Visible(w.Err.Error()))
	}
	if w.Err != nil {
		a.note("query: %s", sources.Visible(w.Query))
		return
	}
	if w.free() {
		a.good("%s: answered", w.Measure)
	}
	for _, arm := range sources.Arms() {
		newest := w.Newest.Of(arm)
		switch {
		case w.Series == (sources.ByArm[int]{}):
		case newest.IsZero():
			a.bad("%s: no series of the %s: check arms and select", w.Measure, arm)
		default:
			a.good("%s: %d series of the %s, newest %s old", w.Measure, w.Series.Of(arm), arm, s.clock.Now().Sub(newest).Round(time.Second))
		}
	}
	for _, n := range w.Notes {
		a.note("%s: %s", w.Measure, n.Text)
	}
}

// examinePlane reads the plane once.
func (s *session) examinePlane(ctx context.Context, a *ailment) {
	if s.plane == nil {
		a.about("traffic: none configured")
		return
	}
	caps, err := s.plane.Caps(ctx)
	a.about("traffic %s", s.service.Name)
	if err != nil {
		a.bad("%s", sources.Visible(err.Error()))
		return
	}
	r, err := s.plane.Read(ctx)
	if err != nil {
		a.bad("%s", sources.Visible(err.Error()))
	}
	for _, arm := range sources.Arms() {
		up, all := r.Up(arm)
		if len(r.Servers) == 0 { // a file and counters name no server
			continue
		}
		if all == 0 {
			a.bad("no server of the %s: check servers", arm)
			continue
		}
		a.good("%s: %d of %d servers up", arm, up, all)
	}
	a.good("split: set %s, effective %s, after a reload %s; finest step %s %%", r.Configured, r.Effective, r.File, strconv.FormatFloat(caps.Finest.Percent(), 'f', -1, 64))
	if !caps.Writes {
		a.note("%s", caps.Note)
	}
	for _, n := range r.Notes {
		if n.Kind == sources.NoteDenied {
			a.bad("%s", n.Text)
			continue
		}
		a.note("%s", n.Text)
	}
}

// examineSelf says where records are kept and who acts.
func (s *session) examineSelf(ctx context.Context, a *ailment) {
	a.about("rampart %s", version)
	s.examineJournal(ctx, a)
	a.good("you are %s, role %s", s.actor.Name, s.role)
	a.note("roles bind only where a runner has its own user; who may open the plane's socket may write to it anyway")
}

// examineJournal tries whether an entry could be written, and reads those that were.
func (s *session) examineJournal(ctx context.Context, a *ailment) {
	if s.journal == nil {
		a.bad("there is no folder for the journal: ramping up is refused")
		return
	}
	if err := s.journal.Try(ctx); err != nil {
		a.bad("journal: %s: ramping up is refused", sources.Visible(err.Error()))
		return
	}
	r, err := audit.Verify(ctx, s.journal.Path())
	switch {
	case err != nil:
		a.bad("journal: %s", sources.Visible(err.Error()))
	case r.Broken != nil:
		a.bad("journal %s: %s: see rampart audit verify", s.journal.Path(), r.Broken)
	default:
		a.good("journal %s: can be written, whole, %s", s.journal.Path(), config.Count(int(r.Entries), "entry", "entries"))
	}
	s.examineCopies(ctx, a)
}
