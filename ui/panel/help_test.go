package panel_test

import (
	"fmt"
	"strings"
	"testing"

	"rampart/ui/panel"
	"rampart/ui/panel/part"
)

func TestHelp_ShowsEveryKeyAtOnceWhereThereIsRoomAndScrollsElsewhere(t *testing.T) {
	h := &panel.Help{}
	for i := range 75 {
		h.Rows = append(h.Rows, part.KeyRow{Where: []string{"actions", "everywhere", "logs"}[i/25], Keys: fmt.Sprintf("k%d", i), Does: fmt.Sprintf("deed %d.", i)})
	}
	for _, c := range []struct {
		box part.Box
		all bool
	}{{part.Box{W: 200, H: 54}, true}, {part.Box{W: 120, H: 34}, false}, {part.Box{W: 60, H: 9}, false}} {
		if got := h.View(nil, part.State{}, c.box).String(); strings.Contains(got, " more") == c.all || !strings.Contains(got, "deed 0.") {
			t.Errorf("%v: all of it: %v\n%s", c.box, !c.all, got)
		}
		seen := map[int]bool{}
		for range 100 {
			got := h.View(nil, part.State{}, c.box).String()
			for i := range 75 {
				seen[i] = seen[i] || strings.Contains(got, fmt.Sprintf("deed %d.", i))
			}
			h.Move(part.Down)
		}
		if len(seen) != 75 {
			t.Fatal(seen)
		}
		for i, ok := range seen {
			if !ok {
				t.Errorf("%v: deed %d is nowhere", c.box, i)
			}
		}
		h.Move(part.Top)
	}
}
