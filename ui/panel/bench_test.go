package panel_test

import (
	"testing"

	"rampart/ui/panel"
	"rampart/ui/panel/part"
	"rampart/ui/uitest/sample"
)

// BenchmarkScreen_OfTheIncident draws the first screen at the size that most people have.
func BenchmarkScreen_OfTheIncident(b *testing.B) {
	f, o := sample.Incident(), panel.NewSet().Overview
	for b.Loop() {
		screen(f, o, part.Box{W: 120, H: 40})
	}
}
