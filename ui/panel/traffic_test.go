package panel

import (
	"strings"
	"testing"

	"rampart/sources"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

func TestTraffic_ARouterThatLetsUsReadOnlyIsNotSaidToBeWritable(t *testing.T) {
	f := *sample.Incident()
	view := func() string {
		return (&Traffic{}).View(&f, part.State{Now: f.At}, part.Box{W: 160, H: 60}).String()
	}
	if got := view(); !strings.Contains(got, "can be written") {
		t.Fatalf("with every right it says\n%s", got)
	}
	f.Traffic.Notes = []sources.Note{{Kind: sources.NoteDenied, Text: sources.NewText("the socket has level operator")}}
	if got := view(); strings.Contains(got, "can be written") || !strings.Contains(got, "refuses writes") || !strings.Contains(got, "the socket has level operator") {
		t.Errorf("without a right to write it says\n%s", got)
	}
}
