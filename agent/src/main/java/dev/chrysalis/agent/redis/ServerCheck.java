package dev.chrysalis.agent.redis;

import dev.chrysalis.agent.task.Finding;
import dev.chrysalis.redis.agent.server.RedisSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks for what would hurt in a recovery, or keep a backup from being what it promises. Reads
/// only.
final class ServerCheck {
  private static final int OLDEST = 6_002;

  private final List<Finding> findings = new ArrayList<>();

  /// What is found on a server.
  ///
  /// @param status its `ServerStatus`, of a server that is up
  /// @param template what a fresh volume begins with; empty where nothing says which file it is
  static List<Finding> of(
      RedisSession session, Map<String, String> status, Optional<Path> template) {
    ServerCheck check = new ServerCheck();
    check.checkVersion(status.getOrDefault("version", "0"));
    check.checkAppendOnly(session, status);
    check.checkSnapshots(session, status);
    check.checkMemory(status);
    check.checkRights(session);
    check.checkTemplate(template);
    return List.copyOf(check.findings);
  }

  /// What is found on a Sentinel.
  ///
  /// @param status its `SentinelStatus`, of a Sentinel that is up
  static List<Finding> ofSentinel(Map<String, String> status, Optional<Path> template) {
    ServerCheck check = new ServerCheck();
    if (status.containsKey("master.error")) {
      check.error(
          status.getOrDefault("master.error", ""), "see REDIS_MASTER_NAME, and `sentinel monitor`");
    } else if (!"ok".equals(status.get("ckquorum"))) {
      check.error(
          "it cannot fail over: " + status.getOrDefault("ckquorum", ""),
          "bring the other Sentinels back");
    }
    check.checkTemplate(template);
    return List.copyOf(check.findings);
  }

  private void checkVersion(String version) {
    String[] numbers = version.split("\\.", -1);
    int number =
        numbers.length < 2 ? 0 : Integer.parseInt(numbers[0]) * 1000 + Integer.parseInt(numbers[1]);
    if (number < OLDEST) {
      error("version " + version + " is too old", "upgrade to one of 6.2 to 8");
    }
  }

  private void checkAppendOnly(RedisSession session, Map<String, String> status) {
    if ("off".equals(status.get("aof"))) {
      warning(
          "the append-only file is off: what was written since the last save is lost with the"
              + " machine",
          "for at most 10 s of loss: CONFIG SET appendonly yes, then CONFIG REWRITE");
      return;
    }
    if ("no".equals(status.get("aof.fsync"))) {
      warning(
          "appendfsync is no: the kernel decides when writes reach the disk", "set it to everysec");
    }
    String percentage = session.setting("auto-aof-rewrite-percentage").orElse("");
    if (percentage.equals("0")) {
      warning(
          "auto-aof-rewrite-percentage is 0: the append-only file only grows, and so does a restore",
          "set it to 100");
    }
    if ("err".equals(status.get("aof.lastWrite"))) {
      error("the append-only file cannot be written", "see the volume's room and the server's log");
    }
    if ("err".equals(status.get("aof.lastRewrite"))) {
      error(
          "the last rewrite of the append-only file failed", "see the volume's room, and the log");
    }
  }

  private void checkSnapshots(RedisSession session, Map<String, String> status) {
    if ("err".equals(status.get("rdb.lastSaveStatus"))) {
      error("the last save of the RDB file failed", "see the volume's room and the server's log");
    }
    boolean never = session.setting("save").filter(String::isEmpty).isPresent();
    if (never && "off".equals(status.get("aof"))) {
      error(
          "it writes neither an append-only file nor an RDB file", "every crash loses everything");
    }
  }

  private void checkMemory(Map<String, String> status) {
    if ("0".equals(status.get("memory.max"))) {
      warning(
          "maxmemory is not set", "the machine's memory is the limit: the kernel kills the server");
    } else if (status.getOrDefault("memory.policy", "").startsWith("allkeys")) {
      warning(
          "maxmemory-policy is " + status.get("memory.policy"),
          "keys without expiry may be evicted: they are then missing without a failure");
    }
  }

  /// A right that is missing shows in the answer of a command that changes nothing.
  private void checkRights(RedisSession session) {
    if (session.setting("dir").isEmpty()) {
      error("the user may not read the configuration", "grant +config: ACL SETUSER NAME +config");
    }
  }

  private void checkTemplate(Optional<Path> template) {
    if (template.isPresent() && !Files.isReadable(template.get())) {
      error(
          "there is no template " + template.get(),
          "a member on a fresh volume cannot be configured: see REDIS_CONF_TEMPLATE");
    }
  }

  private void error(String text, String hint) {
    findings.add(new Finding(true, text, hint));
  }

  private void warning(String text, String hint) {
    findings.add(new Finding(false, text, hint));
  }
}
