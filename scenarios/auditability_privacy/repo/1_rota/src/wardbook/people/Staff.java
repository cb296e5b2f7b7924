package wardbook.people;

/** A person who works on the ward. */
public record Staff(String id, String name, Role role) {}
