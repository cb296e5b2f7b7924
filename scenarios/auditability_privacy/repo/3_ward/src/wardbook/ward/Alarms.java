package wardbook.ward;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import wardbook.journal.Journal;
import wardbook.people.Patient;
import wardbook.people.Staff;

/** The alarms that sound on the ward, and the buttons that silence them. */
public final class Alarms {
    private final Map<Patient, String> sounding = new HashMap<>();
    private final Journal journal;

    public Alarms(Journal journal) {
        this.journal = journal;
    }

    /** Lets an alarm such as "pulse" sound for a patient. */
    public void sound(Patient patient, String alarm) {
        sounding.put(patient, alarm);
    }

    /** Tells whether an alarm sounds for a patient. */
    public boolean isSounding(Patient patient) {
        return sounding.containsKey(patient);
    }

    /** Returns what the button of a member of staff does: it silences the alarm of a patient, if one sounds. */
    public Consumer<Patient> silencer(Staff staff) {
        throw new UnsupportedOperationException("not written yet");
    }
}
