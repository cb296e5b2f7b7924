package wardbook.people;

/** A person who lies on the ward. */
public record Patient(String number, String name) {}
