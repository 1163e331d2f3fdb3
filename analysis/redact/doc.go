// Package redact finds sensitive text (addresses, numbers of cards and accounts, secrets) in untrusted bytes and masks each
// hit with a placeholder of its kind, such as ‹email›, so that readers still see what stood there.
//
// A [Redactor] is immutable and safe for concurrent use. It promises: one pass over the bytes at a cost linear in their
// number; masking what is masked changes nothing; no card number that passes Luhn's check is left; output at most
// [Redactor.MaxLen] long. It does not promise to find every secret: a password in prose looks like a word.
//
// Why detectors by hand and not a list of regular expressions: a table of trigger bytes skips most of a line at a byte a
// nanosecond, checksums (Luhn, mod-97) need code anyway, and a false hit hides evidence from the operator, so each detector
// asks for more than a shape. Configured patterns are RE2: no pattern can be catastrophic.
package redact
