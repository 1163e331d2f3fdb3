package rig

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"
)

func drawnSVG(t *testing.T, text string) string {
	t.Helper()
	screen := vt.NewEmulator(20, 2)
	if _, err := screen.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return newPicture(screen).svg()
}

func TestPicture_KeepsTextColoursAndGrounds(t *testing.T) {
	svg := drawnSVG(t, "\x1b[1;38;2;255;0;0mWORSE\x1b[m a<b & c  \x1b[48;2;0;0;255m x")
	for _, want := range []string{
		`fill="#ff0000" font-weight="bold" textLength="40" lengthAdjust="spacingAndGlyphs">WORSE</text>`,
		`>a&lt;b &amp; c</text>`,
		`<path fill="#0000ff" d="M`,
	} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s in\n%s", want, svg)
		}
	}
}

func TestPicture_DrawsLinesBlocksAndBrailleAsShapes(t *testing.T) {
	svg := drawnSVG(t, "⣿▁█▌░─│┌┤┄▲")
	if got := strings.Count(svg, "h0"); got != 8 {
		t.Errorf("a full Braille cell has %d dots, want 8", got)
	}
	for _, r := range "⣿▁█▌░─│┌┤┄" {
		if strings.ContainsRune(svg, r) {
			t.Errorf("%c is left as text", r)
		}
	}
	if !strings.Contains(svg, `x="80" y="13" fill="`+defaultText+`" textLength="8" lengthAdjust="spacingAndGlyphs">▲</text>`) {
		t.Errorf("▲ does not stand in its own cell:\n%s", svg)
	}
}

func TestPicture_IsWellFormedWhateverIsOnTheScreen(t *testing.T) {
	d := xml.NewDecoder(strings.NewReader(drawnSVG(t, "\x1b[7m<svg onload=\"x\">\x1b[m\r\n日本 &amp; ]]>\x1b[3;4mé")))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}
