// Package protocol is how rampart speaks to a plane of your own: five calls as JSON documents, and the plane that they
// make. A [Road] carries one document there and one back; package exec carries them over a command's stdin and stdout,
// package webhook over HTTP.
//
// # The calls
//
// Every request is one JSON object with "version": 1 and the call. Shares are the candidate's, in percent.
//
//	{"version":1,"call":"caps"}
//	{"version":1,"call":"read"}
//	{"version":1,"call":"plan",   "intent":{"id":"7f3a","verb":"set_split","candidate_percent":20,"expect_rev":"12"}}
//	{"version":1,"call":"apply",  "intent":{"id":"7f3a","verb":"rollback","candidate_percent":0,"actor":"ada","reason":"..."}}
//	{"version":1,"call":"confirm","intent":{...}}
//
// An answer is one JSON object as well, nothing before it and nothing after it. Unknown keys are refused, so that a slip
// in a name is found on the first day.
//
//	caps     {"caps":{"calls":["plan","confirm"],"finest_percent":1,"settle_seconds":2,"note":"..."}}
//	read     {"read":{"rev":"12","candidate_percent":5,"effective_percent":5,"epoch":"...","servers":[...]}}
//	plan     {"intent_id":"7f3a","writes":["PUT /split 20"]}
//	apply    {"intent_id":"7f3a","said":"done"}
//	confirm  {"intent_id":"7f3a","read":{...}}
//	any      {"error":{"kind":"conflict","text":"somebody else wrote"}}
//
// A server is {"name":"a","arm":"legacy","up":true,"requests":1200,"errors":3}. What it was sent since its router started
// is not known where requests or errors are null or left out, never 0: metrics are then asked instead, where there are any.
//
// Only read and apply are needed: plan and confirm are called when caps lists them, otherwise rampart plans from the
// reading and confirms by reading again. The kinds of errors are unreachable, denied, conflict, invalid, throttled,
// unsupported, partial and ambiguous.
//
// apply must do nothing when expect_rev is given and is not the revision any more (conflict); without one it writes
// whatever is set, which is what a rollback sends. It must answer with the id of the intent that it was given. The same
// intent again must not be done twice; but one that failed, or that somebody undid, must be done: a rollback is sent
// again under its id when a read has shown that the candidate still has something.
//
// # What it promises
//
// An apply is sent once. One that started and gave no proper answer, or answered for another intent, is ErrAmbiguous:
// only a read can tell. Whatever the other end says travels as [sources.Text].
//
// # Why
//
// One protocol for two roads: the same forty lines serve as a script beside the console and behind a small web server.
// Percent and not parts per million, because people will write these answers by hand. rampart keeps the ladder of rungs
// to itself, so that a script cannot claim "observed".
package protocol
