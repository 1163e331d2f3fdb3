// Package themes holds the colours of the screen as data: one TOML file a theme, from the meaning of a mark (good, bad,
// legacy, candidate, limit ...) to the ink it is drawn with.
//
// A Theme is immutable once parsed and knows nothing of terminals: ui/style turns it into escape sequences and degrades
// it where the terminal has fewer colours. Package themes imports nothing of ours.
//
// # Why
//
// The tones are the fields of a struct and not the keys of a map, so that strict decoding finds a misspelt tone in a
// person's own theme and names its line, and so that a tone that the screen uses and no theme has does not compile.
// Every theme draws on the terminal's own background: a painted background hurts transparent terminals, screen readers'
// reverse video and the bytes of each frame. A file may start from another theme (base) and change three inks.
package themes
