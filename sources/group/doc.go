// Package group brings together questions that can be asked as one. Whoever asks waits a moment for others that ask the
// same with another value, one question is sent for all of them, and each takes its part of the answer as it comes.
//
// It promises that a caller is served as if it had asked alone: its part is handed over while it waits and never after
// its call returned, its context ends its call and nobody else's, an error of its own part is its own, and an error of
// the question is everybody's. The one goroutine of a batch belongs to the calls that wait for it and is gone when the
// last of them returns.
//
// Why callers wait for each other, and nobody asks ahead for all: services come and go, fail and retry, and read
// histories of different lengths, so what the others will ask next is a guess, while a guess that was wrong is a load
// that nobody wanted and memory for answers that nobody takes. The cost is a lull: a question goes out when no other
// joined it for [Config.Lull], at once when all that are known have asked or the batch is full. Services that run in
// step stay in step, for one answer wakes them all.
package group
