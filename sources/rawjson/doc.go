// Package rawjson reads JSON as the bytes it is: it proves each value and hands it out as a piece of what was read. It makes
// no values, keeps no state between documents but its buffers, and takes nothing that encoding/json refuses.
//
// # Why
//
// A console that rests reads answers of databases all day long: hundreds of hits of which a few members are wanted, thousands
// of samples that are two numbers each. encoding/json looks at each byte three times, to find a value's end, to find its
// members and to make a value of each, and that was half of what such a console cost. The readers of Prometheus and of
// Elasticsearch know what they want of a value; what they share is where it ends and that it is JSON.
package rawjson
