// Package sim scores the judge against seeded worlds in which the truth is known: how often a healthy candidate is called
// WORSE, how soon harm is seen, what bursts do, whether SAFE and the forecast keep their word. Each world is played
// through [score.Judge], block by block, as live.
//
// The harness: 50 requests per second, a scrape every 15 seconds, 240 looks, a ramp of 1, 5, 25 and 50 % for 15 minutes
// each, 0.5 % errors, alpha 5 %. Requests per scrape are Poisson(750), the candidate's are binomial of them, errors
// binomial of those. Latency is lognormal, median 80 ms, sigma 0.6, in the cells of Prometheus' default edges. Bursts: each
// arm starts one in each scrape with probability 0.01, for 8 scrapes; overlapping ones multiply. Two routes: the second
// has 3 % errors where the first has .3 %, and is 10 % of legacy's requests but 25 % of the candidate's. A delay is counted
// in looks since the onset, four to the minute; alarms before a late onset leave its median.
//
// # Why
//
// A run draws from a generator seeded by the seed, the world's name and the run's number, so that any run can be played
// again by itself and adding a world changes no other. What is required of a world stands beside it, in [Worlds], and is
// held up to two standard errors of the simulation: a bound without them would fail by chance, a wider one would hide
// harm.
package sim
