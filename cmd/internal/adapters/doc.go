// Package adapters makes what a config names: the sources, planes and receivers of one context or service.
//
// It promises: nil, and no error, for what the config does not name; an error only for what can be told without asking
// anybody, such as a file of certificates that is not there. Nothing connects before it is used, and nothing here owns a
// goroutine beyond a call.
//
// Why beside the config: the config says in the operator's words what there is and imports no adapter that it need not;
// the adapters know no config. This is the one place that knows both, so that a console, a runner and a check read and
// write the very same way.
package adapters
