package gauge

// Tide is the highest and the lowest of some readings of one station.
type Tide struct {
	High, Low Reading
}

// TideOf returns the tide among sound readings; false when there is none.
func TideOf(readings []Reading) (Tide, bool) {
	var tide Tide
	found := false
	for _, reading := range readings {
		if !reading.IsSound() {
			continue
		}
		if !found {
			tide, found = Tide{reading, reading}, true
			continue
		}
		if reading.Level > tide.High.Level {
			tide.High = reading
		}
		if reading.Level < tide.Low.Level {
			tide.Low = reading
		}
	}
	return tide, found
}

// Range is the difference between high and low water in millimetres.
func (t Tide) Range() int {
	return t.High.Level - t.Low.Level
}
