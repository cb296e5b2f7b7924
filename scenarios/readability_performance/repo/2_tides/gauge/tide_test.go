package gauge

import (
	"testing"
	"time"
)

func reading(hour, level int, state State) Reading {
	return Reading{"HAM3", time.Date(2025, 3, 3, hour, 0, 0, 0, time.UTC), level, state}
}

func TestTideOfSkipsDoubtedReadings(t *testing.T) {
	tide, found := TideOf([]Reading{
		reading(5, 380, Raw),
		reading(6, 412, Checked),
		reading(7, 9120, Doubted),
		reading(12, -95, Checked),
	})
	if !found || tide.High.Level != 412 || tide.Low.Level != -95 || tide.Range() != 507 {
		t.Errorf("got %v and %v", tide, found)
	}
}

func TestThereIsNoTideWithoutReadings(t *testing.T) {
	if tide, found := TideOf(nil); found {
		t.Errorf("got %v", tide)
	}
}
