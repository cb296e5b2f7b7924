package billing;

import java.util.List;

/** A client. */
@Deprecated
public class Client {
  /**
   * Logs in.
   */
  @Override
  public String connect(String host) {
    String s = """
        // no comment
        """;
    return host + s;
  }
}
