// Package cell is the screen before colour: a Grid of cells, each holding one grapheme and a Tone, the meaning it is
// drawn with. Panels and charts draw grids; ui/style turns a grid into escape sequences and nothing else does, so that
// the same grid is the golden of a test, the headless print and the screen.
//
// What it promises:
//   - A grid never holds a control character, an escape sequence, a bidirectional override or a zero-width character:
//     Write spells them out (sources.Visible), whoever the text came from.
//   - A row is exactly as many columns wide as the grid, in every terminal: a grapheme whose width terminals disagree
//     about is cut down to the part they agree on.
//   - Nothing is drawn outside the grid, and no size, negative ones included, panics.
//   - Meaning is never colour alone: marks and calls have a glyph, and Glyphs folds every glyph down to ASCII one column
//     for one column, so that the layout stays.
//
// A Grid is not safe for concurrent use while it is drawn; once handed over it is read only.
//
// # Why
//
// Cells instead of styled strings: clipping, joining and overlaying strings that carry escape sequences costs a parse
// each time and goes wrong at the edges, and a chart of 500 cells rendered through one style call each costs twenty times
// what a chart drawn to cells does. Tones instead of colours: a theme, a colour-blind eye and a terminal without colours
// are then one table lookup away. Widths come from the library that Bubble Tea's renderer uses (charmbracelet/x/ansi),
// because a second opinion on a width is a torn screen.
package cell
