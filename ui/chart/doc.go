// Package chart draws numbers over time, and beside each other, to cells: two arms on one axis with the interval around
// them, the limit, the changes of the split and the actions as ticks, and one cursor that all charts share.
//
// What it promises:
//   - A gap is a gap: a point that is not known, and a step longer than Chart.Gap, is never bridged by a line.
//   - A spike survives: where several points share a column of dots, all of them from lowest to highest are inked.
//   - What lies outside the axis is marked at the edge, never silently cut.
//   - Frames stand still: the window ends on a round time (Window), axes have round ticks, and equal input gives equal
//     cells, so that a redraw sends only what changed.
//   - No input panics or hangs: NaN, infinities, empty series, unordered points and boxes of any size are drawn as far
//     as they can be.
//
// A Chart is a plain value: Draw keeps nothing and may be called from several goroutines.
//
// # Why
//
// The drawing surface is the grid of Braille dots of ntcharts' canvas, and its block elements; its chart models are not used. They bridge holes
// in time, hang or panic on NaN, lose every series behind an empty one, have neither round ticks nor a time zone, and
// spend most of their time styling one cell after the other (v2.0.3 and v2.2.0, read and measured). Packing dots is
// sound there, so surface.go keeps exactly that, behind checks. Colour is left out altogether: a cell
// carries a Tone, and ui/style gives it ink once for the whole screen.
package chart
