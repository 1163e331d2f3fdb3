// Package panel draws what is known: a frame and a box go in, a grid of cells comes out. A panel is a plain value that
// holds only how it is looked at (the selected row, the scroll, a fold, a filter); everything shown stands in the frame,
// made once by the engine, and nothing is recomputed here.
//
// What it promises:
//   - Any box and any frame can be drawn, a nil frame (nothing has answered yet) included.
//   - Positions stand still: a line that has nothing to say stays, and says so.
//   - A number that is not known is "—" with its reason; a number that is old is drawn as old.
//   - Text from outside comes as sources.Text and is written through cell.Grid, which spells out what could command a
//     terminal.
//
// Panels are not safe for concurrent use: they belong to one session's model.
//
// # Why
//
// Panels return cells and not strings, so that the golden of a test, the headless print and the screen are the same
// thing. They know neither keys nor Bubble Tea: the model maps keys to verbs, and verbs to the few methods here, so that
// a panel can be drawn and tested without a terminal.
package panel
