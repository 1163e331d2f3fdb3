// Package sample holds frames as the engine would publish them, one for each state that a screen must show well: what
// tests of panels and of the console draw. Times are fixed; the clock of all of them stands at Now.
//
// Each call builds a new frame, so that a test may change its own.
package sample
