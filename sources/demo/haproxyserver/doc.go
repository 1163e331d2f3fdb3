// Package haproxyserver is the runtime API of the demo's balancer: what HAProxy 2.6 says on its stats socket, over the router of a world.
//
// It promises the wire of the real program for the commands that a console or an operator uses (show info, stat, servers state, backend; get and set weight; set server;
// enable and disable; chains with ";"; prompt), byte for byte where the words are fixed: the recorded answers under testdata/haproxy prove it. A Server owns one
// goroutine per listener and one per connection; Close ends them all.
//
// Why the text tables are files: the columns with their tags, the fields of show info and the help are the real program's, taken from a recording; code that built them
// would be longer and less faithful.
package haproxyserver
