// Package frame holds everything known of a service at one instant, immutable: what the engine publishes, what every
// console shows and what `check -o json` prints. A frame is cumulative, so the newest is always enough: a reader that
// missed some has lost nothing.
//
// Nothing in a frame may be changed after it was published; its slices are shared by all readers.
//
// Why one value and no stream of events: consoles may come late, be slow or die, and must still agree.
package frame
