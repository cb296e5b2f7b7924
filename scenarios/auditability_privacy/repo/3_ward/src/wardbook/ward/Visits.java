package wardbook.ward;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import wardbook.journal.Journal;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** Who is with which patient. */
public final class Visits {
    /** A guest who came at a time. */
    public record Visit(Patient patient, String guest, LocalDateTime since) {}

    private final List<Visit> open = new ArrayList<>();
    private final Journal journal;

    public Visits(Journal journal) {
        this.journal = journal;
    }

    /** Opens a visit. */
    public void open(Visit visit) {
        open.add(visit);
    }

    /** Closes all visits that began before a time, and returns how many there were. */
    public int close(LocalDateTime time, Staff staff) {
        throw new UnsupportedOperationException("not written yet");
    }
}
