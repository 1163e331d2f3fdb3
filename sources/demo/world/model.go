package world

import (
	"math"
)

// Model is what build_info says about the code that a pod runs, and how it scores.
type Model struct {
	Version  string `yaml:"version"`
	Name     string `yaml:"name"`
	Revision string `yaml:"revision"`
	// Bias is the logit of the score of an average item; a new model is meant to score differently.
	Bias float64 `yaml:"bias"`
}

// score gives the model's belief that the first item is clicked, from the pull of the features and its own noise.
func (m *Model) score(pull, noise float64) float64 { return share(m.Bias + pull + .35*noise) }

// legacyModel and candidateModel are the two of the demo: 41 has served for weeks, 42 is ramped.
func legacyModel() Model {
	return Model{Version: "41", Name: "ranker-41", Revision: "77d0e", Bias: -.95}
}

func candidateModel() Model {
	return Model{Version: "42", Name: "ranker-42", Revision: "9f3c1", Bias: -.7}
}

// Feature is one input of the model: how it is spread and at which edges its histogram cuts it.
type Feature struct {
	Name  string
	Edges []float64
	// Mean and Spread are those of the standard normal's image before Shape bends it.
	Mean, Spread float64
	Shape        func(float64) float64
	// Weight is its pull on the score, per standard deviation.
	Weight float64
}

// Value bends a standard normal draw into the feature's own scale.
func (f *Feature) Value(z float64) float64 { return f.Shape(f.Mean + f.Spread*z) }

func share(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func plain(x float64) float64 { return x }

// Features lists the inputs of the ranking model. The edges cut each into cells of some five to thirty percent, as a platform team would choose them.
func Features() []Feature {
	shares := []float64{.02, .05, .1, .2, .3, .4, .5, .7}
	money := []float64{2, 5, 10, 20, 35, 60, 100, 250}
	hours := []float64{.5, 1, 3, 6, 12, 24, 72, 168}
	days := []float64{1, 7, 30, 90, 180, 365, 730, 1460}
	around := []float64{-1.5, -1, -.5, 0, .5, 1, 1.5}
	return []Feature{
		{"ctr_1d", shares, -1.9, .8, share, .25},
		{"ctr_7d", shares, -1.8, .6, share, .55},
		{"price", money, 3.1, .8, math.Exp, -.2},
		{"recency_h", hours, 2, 1.2, math.Exp, -.3},
		{"user_age_d", days, 5, 1.2, math.Exp, .05},
		{"item_age_d", days, 4.2, 1.3, math.Exp, -.1},
		{"session_len", []float64{1, 2, 4, 8, 12, 20, 40}, 1.7, .7, math.Exp, .1},
		{"cat_affinity", around, 0, 1, plain, .45},
		{"brand_affinity", around, 0, 1, plain, .2},
		{"dwell_s", []float64{2, 5, 10, 20, 40, 80, 160}, 2.7, .9, math.Exp, .15},
		{"stock", []float64{1, 5, 10, 25, 50, 100, 250}, 3.4, 1, math.Exp, .02},
		{"rating", []float64{2.5, 3, 3.5, 3.8, 4.1, 4.4, 4.7}, 4, .5, plain, .2},
		{"discount", shares, -2.2, .9, share, .12},
		{"embedding_norm", []float64{.7, .8, .9, 1, 1.1, 1.2, 1.3}, 1, .15, plain, .08},
	}
}
