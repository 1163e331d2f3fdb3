// Package audit is the journal on disk: one line of JSON for each entry, each line carrying the SHA-256 of the one
// before. It meets [sources.Journal].
//
// It promises: when Append returns nil the entry is on the disk (fsync), behind every entry that any process has
// appended before it; whole lines are never changed or removed; and [Verify] finds any changed bit and any missing
// piece, and names the line and the reason. A [Journal] owns no goroutine and keeps no file open: each call opens the
// path, so that a file that was moved away is noticed at the next entry. Any number of goroutines and processes may use
// the same path at once.
//
// A file that is full ([DefaultSize]) is put aside as PATH.000001 and so on, and the chain goes on in a new one: the next
// entry names the last one of the full file. Entries and Verify read across all of them, so a full file that is changed or
// taken away is found too. They are never removed from here.
//
// A line that a crash or a full disk left torn is kept beside the journal, cut off, and told about by an entry of kind
// "note": by the next entry, and at once when the journal is opened, if the head file shows that nobody was told of it.
// Entries that were acknowledged and are gone from the file are not healed: the chain goes on from the last
// hash that was given out, so that Verify shows the hole for ever. Only [Journal.Repair], which a person or a runner that
// begins asks for, goes back to the last good entry: it keeps what it cuts off, byte for byte, and says so in the chain,
// which from then on is whole and names for ever where it was not.
//
// # Why
//
// A chain alone cannot tell that its end was cut off at a line's end. The head file beside the journal holds the number
// and the hash of the last entry; it is written after each entry and may therefore be behind by what a crash took, and
// never ahead. Who can write both files can still rewrite history: the hash of the last line belongs elsewhere too,
// which is why it is printed by "audit verify".
//
// A lock on the file (flock) and not a lock file: it ends with its process, however that ends. A database was left out,
// because the one thing that an auditor must be able to do with this file is to read it.
package audit
