// Package alertmanager raises alerts in Prometheus' Alertmanager and reads those that concern a service, with its silences.
// It speaks version 2 of the API (github.com/prometheus/alertmanager, api/v2/openapi.yaml).
//
// # Raising
//
// A notice becomes an alert with the labels alertname (RampartCall, RampartAction ...), context, service, severity and
// matter, which tells two matters of one kind apart, and those of the config. A [Receiver] promises: a matter that lasts
// is posted again each [Config.Repeat] with an end four times as far ahead, so that it never resolves by itself while
// this process lives, and resolves by itself soon after the process is gone; a matter that is over is posted with its
// end; one whose severity changed ends under its old labels in the same request; an action, which is an event and no
// state, ends by itself after five minutes. Posting again is done by Run, which owns no other goroutine; Notify may be
// called at any time, with or without it.
//
// # Reading
//
// A [Reader] asks for alerts by its matchers, all of which must hold. A silence concerns the service when it mutes one of
// these alerts, or when each of its matchers that names a label fixed by ours accepts our value, and at least one does.
// Whether labels that we do not know fit, only an alert can tell: such a silence is shown rather than missed. Every text
// is somebody else's and travels as [sources.Text].
//
// # Why
//
// Ends are sent and not left to the server's resolve_timeout, which may be hours. The same factor of four is used by
// Prometheus itself (rules.sendAlerts). After an hour nobody is reminded of a matter that has no end of its own, such
// as a rung that was missed: the journal keeps it.
package alertmanager
