package prom

// nativePoints are raw native-histogram samples.
type nativePoints struct{}

func (*nativePoints) UnmarshalJSON([]byte) error { return nil }
