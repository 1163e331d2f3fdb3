package elastic

import "time"

// NewHastyCluster is a cluster whose services hardly wait for each other.
func NewHastyCluster() *Cluster { return newCluster(time.Millisecond, sharedPatience) }

// NewPatientCluster is a cluster whose services wait for each other however slow the machine is: for those that ask the
// same number of times.
func NewPatientCluster() *Cluster { return newCluster(time.Minute, time.Minute) }
