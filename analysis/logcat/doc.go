// Package logcat sorts log lines into categories that an operator asks for by name: errors, warnings, timeouts,
// dependency failures, security, data problems. A category is a rule over level and text; a line may be in several.
//
// A [Catalog] is immutable and safe for concurrent use. What depends on the text is asked once for each template
// ([Catalog.Text]) and what depends on the level once for each line ([Catalog.At]), so that categories cost nothing per
// line. Text is matched in its masked form, and no more than 4 KiB of it.
//
// Why rules of words and not a learned classifier: an operator must be able to read why a line is counted, to change it
// in the config, and to search for the same words in the log panel. Patterns are RE2: none can be catastrophic.
package logcat
