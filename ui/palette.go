package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"rampart/sources"
	"rampart/themes"
	"rampart/ui/dialog"
	"rampart/ui/nearest"
)

// command is a verb of the palette that takes words behind it.
type command struct {
	name string
	args string
	help string
	verb Verb                  // whose reasons not to hold here too; empty: none
	also func(*Model) []string // what its words may be
	does func(*Model, string) (tea.Cmd, error)
}

// commands are the palette's own; every verb of the key table is one as well, by its name.
func commands() []command {
	act := func(v sources.Verb) func(*Model, string) (tea.Cmd, error) {
		return func(m *Model, reason string) (tea.Cmd, error) { return m.propose(v, 0, reason), nil }
	}
	return []command{
		{"rollback", "[reason]", "all traffic to legacy", "rollback", nil, act(sources.RollBack)},
		{"hold", "[reason]", "nobody ramps up until it is resumed", "hold", nil, act(sources.Hold)},
		{"resume", "[reason]", "ramping up is possible again", "hold", nil, act(sources.Resume)},
		{"split", "N% [reason]", "set the candidate's share", "split", nil, (*Model).splitTo},
		{"step", "", "next step of the ramp", "step", nil, func(m *Model, _ string) (tea.Cmd, error) { return m.step(), nil }},
		{"promote", "[reason]", "all traffic to the candidate", "split", nil, func(m *Model, reason string) (tea.Cmd, error) {
			return m.propose(sources.Promote, sources.Whole, reason), nil
		}},
		{"start", "[reason]", "start the plan's ramp from the share as it is", "approve", nil, act(sources.Start)},
		{"stop", "[reason]", "end the ramp; the share stays what it is", "hold", nil, act(sources.Stop)},
		{"ramp", "VERB", "the ramp's verbs, as on the command line", "", rampVerbs, (*Model).ramp},
		{"confirm-within", "10m|off", "what ramps up reverts by itself unless it is confirmed", "split", nil, (*Model).confirmWithin},
		{"confirm", "", "the change that would revert by itself stays", "split", nil, (*Model).confirmChange},
		{"approve", "N% [10m] [reason]", "let this candidate have that share", "split", nil, (*Model).approve},
		{"unlock", "10m REASON", "allow ramping up for a while", "split", nil, (*Model).unlock},
		{"note", "TEXT", "write a remark into the audit", "", nil, (*Model).note},
		{"service", "NAME", "turn to another service", "", (*Model).services, func(m *Model, name string) (tea.Cmd, error) {
			if name == "" {
				return m.goTo(m.panels.Services), nil
			}
			return m.service(name), nil
		}},
		{"theme", "NAME", "other colours", "", func(*Model) []string { return themes.Names() }, func(m *Model, name string) (tea.Cmd, error) {
			if name == "" {
				return m.nextTheme(), nil
			}
			return nil, m.setTheme(name)
		}},
		{"panel", "NAME", "show a panel", "", (*Model).panelNames, func(m *Model, name string) (tea.Cmd, error) {
			if _, ok := m.panels.Named(name); !ok {
				return nil, unknown("panel", name, m.panelNames())
			}
			return m.goToNamed(name), nil
		}},
	}
}

// rampVerbs are the verbs of `rampart ramp` that act.
func rampVerbs(*Model) []string {
	return []string{"start", "stop", "hold", "resume", "split", "step", "promote", "rollback", "approve", "confirm", "status"}
}

// ramp runs a verb of the ramp by the name that it has on the command line.
func (m *Model) ramp(args string) (tea.Cmd, error) {
	verb, _, _ := strings.Cut(args, " ")
	switch {
	case verb == "status":
		return m.goToNamed("ramp"), nil
	case !slices.Contains(rampVerbs(m), verb):
		if near := nearest.Word(verb, rampVerbs(m)); near != "" {
			return nil, unknown("verb", verb, rampVerbs(m))
		}
		return nil, fmt.Errorf("ramp wants one of %s", strings.Join(rampVerbs(m), ", "))
	}
	return m.command(args)
}

// command runs a typed line.
func (m *Model) command(text string) (tea.Cmd, error) {
	name, args, _ := strings.Cut(strings.TrimSpace(text), " ")
	args = strings.TrimSpace(args)
	if name == "" {
		return nil, nil
	}
	for _, c := range commands() {
		if c.name != name {
			continue
		}
		if b, ok := m.keys.named(c.verb); ok {
			if why := b.disabled(m.live, m.session()); why != "" {
				return m.tried(c.name, why), errors.New(why)
			}
		}
		return c.does(m, args)
	}
	b, ok := m.keys.named(Verb(name))
	switch {
	case !ok:
		return nil, unknown("command", name, m.commandNames())
	case args != "":
		return nil, fmt.Errorf("%s takes nothing behind it", name)
	}
	m.prompt = nil
	return m.do(b), nil
}

// complete lists what a line could become.
func (m *Model) complete(text string) []dialog.Choice {
	var out []dialog.Choice
	name, arg, isArg := strings.Cut(text, " ")
	for _, c := range commands() {
		switch {
		case isArg && c.name == name && c.also != nil:
			for _, w := range offered(arg, c.also(m)) {
				out = append(out, dialog.Choice{Text: name + " " + w})
			}
			return out
		case isArg && c.name == name:
			return []dialog.Choice{{Text: text, Help: c.args + "  " + c.help}}
		case !isArg && strings.HasPrefix(c.name, text):
			out = append(out, dialog.Choice{Text: c.name + map[bool]string{true: " "}[c.args != ""], Help: strings.TrimSpace(c.args + "  " + c.help)})
		}
	}
	if isArg || text == "" {
		return out
	}
	if out = append(out, m.completeVerbs(text)...); len(out) > 0 {
		return out
	}
	if near := nearest.Word(text, m.commandNames()); near != "" {
		return m.complete(near)
	}
	return nil
}

// offered are the words that begin as typed, or else the one that may have been meant.
func offered(typed string, words []string) []string {
	out := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return !strings.HasPrefix(w, typed) })
	if near := nearest.Word(typed, words); len(out) == 0 && near != "" {
		return []string{near}
	}
	return out
}

// commandNames are all that can be typed first.
func (m *Model) commandNames() []string {
	var out []string
	for _, c := range commands() {
		out = append(out, c.name)
	}
	for _, b := range m.keys.bindings {
		if !slices.Contains(out, string(b.verb)) {
			out = append(out, string(b.verb))
		}
	}
	return out
}

// completeVerbs lists the verbs of the key table that are not commands already, with their keys.
func (m *Model) completeVerbs(text string) []dialog.Choice {
	taken := map[string]bool{}
	for _, c := range commands() {
		taken[c.name] = true
	}
	var out []dialog.Choice
	for _, b := range m.keys.bindings {
		if name := string(b.verb); !taken[name] && strings.HasPrefix(name, text) {
			out = append(out, dialog.Choice{Text: name, Help: b.help + "  " + b.shown()})
		}
	}
	return out
}

func (m *Model) splitTo(args string) (tea.Cmd, error) {
	number, reason, _ := strings.Cut(args, " ")
	if rest, ok := strings.CutPrefix(reason, "%"); ok {
		reason = rest
	}
	share, err := sources.ParseShare(number)
	if err != nil {
		return nil, err
	}
	return m.propose(sources.SetSplit, share, strings.TrimSpace(reason)), nil
}

func (m *Model) unlock(args string) (tea.Cmd, error) {
	length, reason, _ := strings.Cut(args, " ")
	d, err := time.ParseDuration(length)
	reason = strings.TrimSpace(reason)
	switch {
	case err != nil || d <= 0:
		return nil, errors.New("unlock wants a time and a reason, such as 10m fixing ctr_7d")
	case reason == "":
		return nil, errors.New("unlock wants a reason behind the time")
	}
	op := m.env.Operator
	return m.call(askDeadline, func(ctx context.Context) (string, error) {
		return "ramping up is unlocked for " + length, op.Unlock(ctx, d, reason)
	}), nil
}

func (m *Model) note(text string) (tea.Cmd, error) {
	switch op := m.env.Operator; {
	case text == "":
		return nil, errors.New("a note wants a text")
	case op == nil:
		return nil, errors.New("there is no journal to write to")
	default:
		return m.call(askDeadline, func(ctx context.Context) (string, error) { return "written into the audit", op.Note(ctx, text) }), nil
	}
}

func (m *Model) refresh() tea.Cmd {
	ask := m.env.Ask
	return m.call(askDeadline, func(ctx context.Context) (string, error) { return "asked all sources again", ask.Refresh(ctx) })
}

func (m *Model) service(name string) tea.Cmd {
	ask := m.env.Ask
	if ask == nil {
		return m.warn("this session has one service")
	}
	return m.turnTo(name, "service "+name)
}

func (m *Model) services() []string {
	var out []string
	if m.live != nil {
		for _, s := range m.live.Services {
			out = append(out, s.Service)
		}
	}
	return out
}

func (m *Model) panelNames() []string {
	var out []string
	for _, p := range m.panels.All() {
		out = append(out, p.Name())
	}
	return out
}

// unknown is the error of a word that is none of those known, with the one that may have been meant.
func unknown(what, typed string, words []string) error {
	if near := nearest.Word(typed, words); near != "" {
		return fmt.Errorf("there is no %s %q; did you mean %s?", what, typed, near)
	}
	return fmt.Errorf("there is no %s %q; tab shows them", what, typed)
}
