// Package logring holds the newest log lines of both arms in a fixed number of bytes, whatever their size, in the order of
// their own time.
//
// A [Ring] promises: [Config.Bytes] bounds everything it holds, lines and index together; a line that came late stands
// where its time says; what had to go is counted. A [Pos] names a place between lines and stays good while lines come and
// go, so a reader can page in small steps between appends. A Ring is not safe for concurrent use: its owner locks it for one
// append or one [Ring.Older] at a time, and bounds the latter by [Query.Scan]. The bytes of a [Line] that a ring hands out
// are its own memory: good until the next append, never to be changed.
//
// Why an arena and blocks of fixed entries: a map or a pointer per line costs the collector more than the line itself, and a
// single sorted slice must move megabytes for each late line. Lines stand in the arena in the order of arrival, each behind
// a small header, and go in that order; the index is a list of blocks sorted by time, so that a late line moves at most one
// block. Why lines go by arrival and not by time: the two differ by seconds in minutes, and the arena stays a plain circle.
package logring
