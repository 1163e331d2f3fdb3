package sim

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"rampart/analysis/dossier"
	"rampart/analysis/peer"
	"rampart/analysis/score"
	"rampart/analysis/seq"
)

// contestant is one judge in a side by side comparison.
type contestant struct {
	name, rule string
	event      Event
}

// Contest is what every judge would have done in the runs of one world.
type Contest struct {
	World Worldly
	Runs  int
	all   []contestant // ours first
}

// Of is what the judge of that name did; not known when none has it.
func (c *Contest) Of(name string) (Event, bool) {
	for _, k := range c.all {
		if k.name == name {
			return k.event, true
		}
	}
	return Event{}, false
}

// ours is the name of this project's judge in a contest.
const ours = "rampart"

// Contest plays a world runs times before our judge, whose automatic rollback counts, and before all peers. They see the
// same blocks. It wants a world that is measured by errors.
func (w *World) Contest(ctx context.Context, runs int, seed uint64) (*Contest, error) {
	if w.latency != nil && !w.both {
		return nil, fmt.Errorf("simulate %s: peers judge errors, which this world has none of", w.Name)
	}
	c := &Contest{World: Worldly{w.Name, w.Title}, Runs: runs}
	c.all = append(c.all, contestant{name: ours, rule: "its evidence of 20x with no acting gauge red"})
	for _, p := range peer.All(alpha) {
		c.all = append(c.all, contestant{name: p.Name(), rule: p.Rule()})
	}
	for run := range runs {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("simulate %s: %w", w.Name, err)
		}
		firsts, err := w.meet(seed, run)
		if err != nil {
			return nil, fmt.Errorf("simulate %s: run %d: %w", w.Name, run, err)
		}
		for i := range c.all {
			c.all[i].event.add(firsts[i], w.onset)
		}
	}
	for i := range c.all {
		c.all[i].event.finish(runs)
	}
	return c, nil
}

// meet plays one run and gives the block at which each judge would have rolled back; 0: never.
func (w *World) meet(seed uint64, run int) ([]int, error) {
	judge, err := score.New(*w.header(), score.Options{})
	if err != nil {
		return nil, err
	}
	peers := peer.All(alpha)
	firsts := make([]int, 1+len(peers))
	look := 0
	w.Blocks(seed, run, func(b *dossier.Block) {
		look++
		if e := judge.Add(b); e != nil && err == nil {
			err = e
		}
		counts, missing := errorsIn(b)
		for i, p := range peers {
			if p.Add(counts, missing) && firsts[1+i] == 0 {
				firsts[1+i] = look
			}
		}
	})
	firsts[0] = judge.Summary().Auto
	return firsts, err
}

// errorsIn are the counts of a block's first measure; missing when an arm was not scraped.
func errorsIn(b *dossier.Block) (counts seq.Block, missing bool) {
	l, c := b.Legacy.Counts[0], b.Candidate.Counts[0]
	return seq.Block{
		LegacyN: float64(l.Requests), LegacyX: float64(l.Errors), CandidateN: float64(c.Requests), CandidateX: float64(c.Errors),
	}, !b.Legacy.Scraped || !b.Candidate.Scraped
}

// RunPeers plays the worlds of a name ("all" for every one that is measured by errors, "peers" for those that tell judges
// apart) before all judges and writes what each would have done: the part of the runs rolled back and the median minutes.
func RunPeers(ctx context.Context, name string, runs int, seed uint64, out io.Writer) error {
	worlds, err := contested(name)
	if err != nil {
		return err
	}
	if runs < 1 {
		return fmt.Errorf("simulate %s: want at least one run", name)
	}
	fmt.Fprintf(out, "%d runs each, seed %d: part of the runs rolled back, and the median minutes since the onset\n", runs, seed)
	tab := tabwriter.NewWriter(out, 17, 0, 2, ' ', 0)
	for i := range worlds {
		c, err := worlds[i].Contest(ctx, runs, seed)
		if err != nil {
			return err
		}
		c.row(tab, i == 0)
		if err := tab.Flush(); err != nil {
			return fmt.Errorf("simulate: %w", err)
		}
		if i == len(worlds)-1 {
			c.rules(out)
		}
	}
	return nil
}

// row writes one world, with the head above the first.
func (c *Contest) row(out io.Writer, first bool) {
	if first {
		fmt.Fprint(out, "WORLD")
		for _, k := range c.all {
			fmt.Fprint(out, "\t"+k.name)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, c.World.Name)
	for _, k := range c.all {
		fmt.Fprint(out, "\t"+percent(k.event.Rate))
		if m := minutes(k.event.Median); m != "—" {
			fmt.Fprint(out, ", "+m)
		}
	}
	fmt.Fprintln(out)
}

// rules writes when each judge rolls back.
func (c *Contest) rules(out io.Writer) {
	fmt.Fprintln(out)
	for _, k := range c.all {
		fmt.Fprintf(out, "%-17s%s\n", k.name, k.rule)
	}
}

// contested are the worlds of a name that peers can judge.
func contested(name string) ([]World, error) {
	if name == "peers" {
		return telling()
	}
	worlds, err := Find(name)
	if err != nil || name != "all" {
		return worlds, err
	}
	var out []World
	for _, w := range worlds {
		if w.latency == nil {
			out = append(out, w)
		}
	}
	return out, nil
}

// telling are the worlds that tell judges apart.
func telling() ([]World, error) {
	var out []World
	for _, name := range []string{
		"flat", "ramp", "ramp-drift", "diurnal", "missing", "routes", "errors-halved", "bursts-3", "rr-1.5-ramp", "rr-2-ramp", "rr-3-ramp", "rr-5-ramp", "late-3", "zero-baseline",
	} {
		w, err := Find(name)
		if err != nil {
			return nil, err
		}
		out = append(out, w...)
	}
	return out, nil
}
