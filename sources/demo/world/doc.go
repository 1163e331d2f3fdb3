// Package world is a small living ranking service under a canary ramp: users, features, two models, pods, a load balancer, log lines and labels that come late.
//
// It promises three things. It is deterministic: the same Spec and the same calls at the same ticks give the same world, whatever machine runs it. It is pure: no
// goroutine, no clock, no input or output; time moves only through Step, one second a call. And its noise is honest: arrivals are Poisson, failures are drawn request
// by request, so figures computed from it have the spread that real ones have.
//
// A World belongs to one goroutine. Live shares one among several and binds it to a wall clock.
//
// Why requests one by one: drawing bucket counts per tick would be cheaper, but then the log lines, the balancer's counters, the application's histograms and the labels
// would be four stories. Here one request writes all four, so that a test which compares them finds only the differences that a real system would show (a refused
// connection that the application never saw).
package world
