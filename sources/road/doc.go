// Package road holds what every way over HTTP to a server shares: who we are to it ([Identity]), how it is trusted
// ([Trust]), what takes requests there ([Carrier], [Client]), how a request is signed ([Sign]), and how the parts of an
// answer that are no body are read.
//
// It promises: credentials go to no other host than the ones named by the caller, are read for one request and kept by
// nobody; a failure names the config's key or the file, never a secret. It owns no goroutine and no connection; its
// values do not change once they are made.
//
// # Why
//
// Adapters never import each other, and each has a client library of its own that wants its transport in its own way: so
// these are parts, and a Carrier stands on whatever transport there is. What differs stays with the adapter: which
// statuses mean what, and what of a foreign body may be repeated. What writes uses no Carrier: each try of a write is
// made and signed anew, and whether there may be a second one is its own to know.
package road
