// Package gauge knows tide gauges: what they measure and what they send.
package gauge

import "time"

// State says how far a reading can be trusted.
type State string

// The states of a reading.
const (
	Raw     State = "raw"
	Checked State = "checked"
	Doubted State = "doubted"
)

// Reading is the level at one station at one time.
type Reading struct {
	Station string
	At      time.Time
	Level   int // millimetres above the datum of the chart
	State   State
}

// IsSound tells whether the reading may be used without a second look.
func (r Reading) IsSound() bool {
	return r.Station != "" && !r.At.IsZero() && r.State != Doubted
}
