// Package part is what panels are made of: the box a panel is given and what all of them share beside the frame, how a
// value, a mark and an age are printed, and the pieces that several panels show: the table of measures, charts of both
// arms, cells of a histogram, patterns of log lines, a list with a selected row and a page that scrolls.
//
// What it promises:
//   - Equal numbers look equal everywhere: a value is printed by Value, Explained or Pair and by nothing else.
//   - A number that is not known is "—"; Explained adds its reason.
//   - Any width and any height can be drawn, and text from outside cannot command a terminal.
//
// List and Scroll hold how a panel is looked at and belong to one session; everything else keeps nothing.
//
// # Why
//
// Panels differ in what they show and not in how: a package below them keeps it so, and the log view, which is large
// enough for a package of its own, needs the same pieces. Drawing without knowledge of a frame is not here but in
// ui/cell and ui/chart.
package part
