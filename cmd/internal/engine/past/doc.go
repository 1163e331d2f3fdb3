// Package past has what a service that opens, or whose source was away, does with the blocks of hours ago: services read them in
// turns, and blocks with other edges are cut anew. It owns no goroutine; Turns are safe for many, and what is cut is copied.
package past
