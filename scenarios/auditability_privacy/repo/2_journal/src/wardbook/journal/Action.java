package wardbook.journal;

/** What can be changed on the ward. */
public enum Action {
    ALARM_SILENCED,
    ALLERGY_ADDED,
    BED_CHANGED,
    CONSENT_WITHDRAWN,
    DIET_CHANGED,
    DOSE_CHANGED,
    VISIT_CLOSED
}
