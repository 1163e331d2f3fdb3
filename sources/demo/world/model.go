package world

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
