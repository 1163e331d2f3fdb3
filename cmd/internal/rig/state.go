//go:build integration

package rig

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Elsewhere is the same binary with a state folder of its own, as on another bastion: it shares no journal and no
// dossier with the first.
func (r *Rampart) Elsewhere(name string) *Rampart {
	other := *r
	other.env = append(slices.Clone(r.env), "XDG_STATE_HOME="+filepath.Join(r.dir, name))
	return &other
}

// Dossier returns the block lines of a context's newest dossier by the end of the block. What a console does not know
// of the past, the configured share, is left out of the comparison.
func (r *Rampart) Dossier(context string) (map[string]string, error) {
	state := ""
	for _, e := range r.env {
		if v, ok := strings.CutPrefix(e, "XDG_STATE_HOME="); ok {
			state = v
		}
	}
	files, err := filepath.Glob(filepath.Join(state, "rampart", context, "dossiers", "*.jsonl"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("dossiers of %s in %s: %d files, %w", context, state, len(files), err)
	}
	return blockLines(newest(files))
}

func newest(files []string) string {
	return slices.MaxFunc(files, func(a, b string) int {
		x, errA := os.Stat(a)
		y, errB := os.Stat(b)
		if errA != nil || errB != nil {
			return 0
		}
		return x.ModTime().Compare(y.ModTime())
	})
}

func blockLines(file string) (map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]string{}
	for in := bufio.NewScanner(f); in.Scan(); {
		line := in.Text()
		_, rest, found := strings.Cut(line, `"t":"`)
		if !found {
			continue
		}
		end, _, _ := strings.Cut(rest, `"`)
		_, counts, _ := strings.Cut(line, `"legacy":`)
		out[end] = counts
	}
	return out, nil
}
