package dev.chrysalis.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Who holds a lease, for the people who wait for it.
///
/// @param host the machine
/// @param pid the process there
/// @param user who started it
/// @param command what was typed, without secrets: `chrysalis recover primary-lost`
public record Holder(String host, long pid, String user, String command) {
  /// This process.
  public static Holder thisProcess(String command) {
    return new Holder(
        hostName(),
        ProcessHandle.current().pid(),
        System.getProperty("user.name", "unknown"),
        command);
  }

  /// Who it is, as written beside a decision: `ana@bastion-1`.
  public String person() {
    return user + "@" + host;
  }

  @Override
  public String toString() {
    return "`" + command + "` of " + user + " on " + host + " (process " + pid + ")";
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // A machine that cannot resolve its own name still has to be able to recover others.
      return "localhost";
    }
  }
}
