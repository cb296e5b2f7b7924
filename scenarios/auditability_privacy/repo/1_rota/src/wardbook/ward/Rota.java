package wardbook.ward;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import wardbook.people.Role;
import wardbook.people.Staff;

/** The plan of who is on duty in which hours. */
public final class Rota {
    private record Shift(Staff staff, LocalDateTime begins, LocalDateTime ends) {
        boolean covers(LocalDateTime time) {
            return !time.isBefore(begins) && time.isBefore(ends);
        }
    }

    private final List<Shift> shifts = new ArrayList<>();

    /** Plans a shift; its end is not part of it. */
    public void plan(Staff staff, LocalDateTime begins, LocalDateTime ends) {
        if (!begins.isBefore(ends)) {
            throw new IllegalArgumentException("a shift ends after it begins");
        }
        shifts.add(new Shift(staff, begins, ends));
    }

    /** Returns the staff of a role on duty at a time, in the order in which they were planned. */
    public List<Staff> onDuty(Role role, LocalDateTime time) {
        return shifts.stream()
                .filter(shift -> shift.staff().role() == role && shift.covers(time))
                .map(Shift::staff)
                .distinct()
                .toList();
    }
}
