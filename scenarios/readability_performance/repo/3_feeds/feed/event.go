package feed

import "tidewatch.example/tidewatch/gauge"

// Event is a gate that moved, with the reading at that time.
type Event struct {
	Gate    string
	IsOpen  bool
	Reading gauge.Reading
}

// Line returns the record of the gate log, such as "at=2025-03-03T06:00:00Z gate=north open=true level=412".
func (e Event) Line() string {
	panic("not written yet")
}
