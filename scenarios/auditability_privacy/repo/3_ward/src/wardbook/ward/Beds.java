package wardbook.ward;

import java.util.HashMap;
import java.util.Map;
import wardbook.journal.Journal;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** Who lies in which bed. */
public final class Beds {
    private final Map<Patient, String> beds = new HashMap<>();
    private final Journal journal;

    public Beds(Journal journal) {
        this.journal = journal;
    }

    /** Returns the bed of a patient, null for one who has none yet. */
    public String of(Patient patient) {
        return beds.get(patient);
    }

    /** Moves a patient to a bed; one that is taken is refused with an IllegalStateException. */
    public void move(Patient patient, String bed, Staff staff) {
        throw new UnsupportedOperationException("not written yet");
    }
}
