package world

import "time"

// shadowDrop is the share of requests that the mirror loses, shadowLate of those whose second answer is written a minute
// late, and shadowOther of the answers in which the new model puts another item first although the score is the same.
const (
	shadowDrop  = .03
	shadowLate  = .005
	shadowOther = .02
)

// mirror lets a candidate's pod answer a request that legacy has answered and told of. Nobody sees that answer: it stands in
// the log under the same trace, and no counter of the service knows it.
//
// The same features are scored, so that the scores of a pair differ by the models alone; the new one is a little slower.
func (w *World) mirror(legacy *Line, pull float64) {
	p := w.shadowPod(legacy.User)
	if p == nil || w.noise.Float64() < shadowDrop {
		return
	}
	took := time.Duration(float64(legacy.Took)*1.04 + 3e6*w.noise.NormFloat64())
	took = max(took, time.Millisecond)
	at := legacy.At.Add(took - legacy.Took)
	if w.noise.Float64() < shadowLate {
		at = at.Add(time.Minute)
	}
	twin := Line{At: at, Route: legacy.Route, Code: 200, Took: took, Score: p.model.score(pull, w.noise.NormFloat64()), User: legacy.User, Pod: p, Twin: legacy.Seq}
	if w.noise.Float64() < shadowOther {
		twin.Pick = 1
	}
	w.write(&twin)
}

// shadowPod is the candidate's pod that answers for a user; nil where none is up.
func (w *World) shadowPod(u User) *Pod {
	var up []*Pod
	for _, p := range w.pods {
		if p.Track == Canary && p.Up() {
			up = append(up, p)
		}
	}
	if len(up) == 0 {
		return nil
	}
	return up[int(u)%len(up)]
}

// Item is what an answer put first: by the user's taste, unless the model picked another.
func (l *Line) Item() int { return int(mix(uint64(l.User)+uint64(l.Pick)<<40) % 10_000) }
