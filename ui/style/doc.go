// Package style turns tones into ink: a theme and what the terminal can show go in, a Styles comes out, and a grid of
// cells becomes a string with escape sequences where the tone changes and nowhere else.
//
// A Styles is immutable and safe for concurrent use; each session has its own, because each terminal has its own colours.
//
// # Why
//
// Colours degrade by meaning, not by arithmetic: on sixteen colours the ansi16 theme takes over and without colours the
// mono theme does, because the nearest of sixteen to two careful greys is twice the same one. 256 colours are near
// enough for arithmetic. The escape sequences are made once, by lipgloss, and then only copied: a style call per cell was
// what made charts slow. Rows keep their trailing blanks, so that a row that gets shorter overwrites what was there.
package style
