package wardbook.people;

/** What a person is on the ward for. */
public enum Role {
    NURSE,
    DOCTOR,
    PORTER,
    KITCHEN
}
