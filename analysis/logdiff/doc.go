// Package logdiff finds the log templates that the candidate writes more often per request than legacy does, or alone,
// and says how sure that is at every look. It promises bounded memory ([Config]), no clock, no goroutine and no I/O; a
// [Diff] belongs to one goroutine.
//
// Lines are counted into blocks that end where the blocks of requests end. A block stays open until [Diff.Close] is told
// its requests, so lines that come late are good as long as their block is open; what comes later still is counted and
// said. Only blocks in which both arms had requests and the split did not jump make evidence: lines and requests are not
// scraped at one instant, and at a jump the split of the lines is not known.
//
// The evidence of one template is the e-process of [seq.Errors] on its lines per block: bets on ratios from 1.1 to 10,
// restarts every five minutes, tempered by the noise that the template itself has shown. Beside these stands one bet that
// legacy never writes it (a ratio of 10^6 costs the same as infinity), which finds new templates after a few lines.
// Requests of the arms enter block by block, so neither the split nor a ramp that moves it can make a template stand out.
//
// Which rows are selected is decided by the weighted e-BH procedure (Wang and Ramdas 2022, section 5): the i-th template
// met gets the part w_i = c/((c+i-1)(c+i)) of the wealth, c = 16, which adds up to at most 1 over any number of templates,
// and with k rows selected each has E w >= 1/(alpha k).
//
// # Why
//
// Plain e-BH asks for the number of hypotheses, and templates are met as lines come: each newcomer would shift the wealth
// of all others, and the chance that a healthy rollout ever shows a row would be no longer alpha. With weights that are
// given once, sum w E + (wealth not given out) is itself an e-process, since whether a template is met depends on the sum
// of both arms' lines alone; Ville's inequality then bounds that chance over all looks at once. Templates met first, which
// are the frequent ones, get the larger weights.
//
// Lines of one cause come in clumps (one request that writes thirty lines), which independent counting takes for thirty
// witnesses. Of the candidate's lines in a block only as many count as the seconds they fill would make likely (see
// occupancy). Legacy's lines all count: taking away from the candidate alone can only lower the evidence.
//
// Rejected: a pooled ratio with a z-test, which a ramp drives to any value; a threshold on the ratio, which rare templates
// pass by chance; Fisher's test at each look, whose false alarms add up over an evening of looking.
//
// Lines that no request causes (heartbeats) follow processes, so at a small share the candidate writes more of them per
// request: true, and no news. They are told by their regularity, which requests have not, and are then compared per minute
// (see byClock). What it cannot know: irregular lines of processes, such as those of start-up; they are shown as what they
// are. Rejected: asking for the share of processes, which no log tells while they are silent.
package logdiff
