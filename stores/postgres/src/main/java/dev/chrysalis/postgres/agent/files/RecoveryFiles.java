package dev.chrysalis.postgres.agent.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.files.RecoverySettings.AsStandby;
import dev.chrysalis.postgres.agent.files.RecoverySettings.ToTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes how a stopped cluster starts: a block of settings at the end of `postgresql.auto.conf`,
/// and `recovery.signal` or `standby.signal`. Settings of an earlier recovery go, wherever in that
/// file they stand: two recovery targets at once keep a server from starting. Idempotent; each file
/// is replaced by one rename, the signal last.
public final class RecoveryFiles {
  private static final String AUTO_CONF = "postgresql.auto.conf";
  private static final String RECOVERY_SIGNAL = "recovery.signal";
  private static final String STANDBY_SIGNAL = "standby.signal";
  private static final String BEGIN = "# Chrysalis: how this restored server recovers (begin)";
  private static final String END = "# Chrysalis: how this restored server recovers (end)";
  private static final Set<String> OURS =
      Set.of(
          "archive_cleanup_command",
          "primary_conninfo",
          "primary_slot_name",
          "promote_trigger_file",
          "recovery_end_command",
          "recovery_min_apply_delay",
          "recovery_target",
          "recovery_target_action",
          "recovery_target_inclusive",
          "recovery_target_lsn",
          "recovery_target_name",
          "recovery_target_time",
          "recovery_target_timeline",
          "recovery_target_xid",
          "restore_command");
  private static final Pattern SETTING =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_.]*)(\\s*=|\\s).*");
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_.]*");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS'+00'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private RecoveryFiles() {}

  /// Writes the files of a cluster that no server runs on. `BAD_SETTING` where a value cannot stand
  /// in a configuration, `VOLUME_FAILED` where the files cannot be written.
  public static void write(Path dataDirectory, RecoverySettings settings) {
    Map<String, String> values =
        switch (settings) {
          case ToTarget target -> values(target);
          case AsStandby standby -> values(standby);
        };
    boolean standby = settings instanceof AsStandby;
    try {
      PrivateFiles files = PrivateFiles.like(dataDirectory);
      Path conf = dataDirectory.resolve(AUTO_CONF);
      List<String> lines = Files.exists(conf) ? Files.readAllLines(conf, ISO_8859_1) : List.of();
      files.replace(conf, (String.join("\n", edited(lines, values)) + "\n").getBytes(ISO_8859_1));
      Files.deleteIfExists(dataDirectory.resolve(standby ? RECOVERY_SIGNAL : STANDBY_SIGNAL));
      files.replace(dataDirectory.resolve(standby ? STANDBY_SIGNAL : RECOVERY_SIGNAL), new byte[0]);
    } catch (IOException e) {
      throw new ChrysalisException(
          PostgresErrors.VOLUME_FAILED,
          "cannot write the recovery settings in " + dataDirectory + ": " + e,
          "look at the volume and at the agent's rights on it",
          e);
    }
  }

  static List<String> edited(List<String> lines, Map<String, String> values) {
    List<String> kept = new ArrayList<>();
    for (String line : lines) {
      Matcher m = SETTING.matcher(line);
      String name = m.matches() ? m.group(1).toLowerCase(Locale.ROOT) : "";
      boolean delimiter = line.equals(BEGIN) || line.equals(END);
      if (!delimiter && !OURS.contains(name) && !values.containsKey(name)) {
        kept.add(line);
      }
    }
    kept.add(BEGIN);
    values.forEach((name, value) -> kept.add(name + " = " + asBytes(quoted(value))));
    kept.add(END);
    return kept;
  }

  private static Map<String, String> values(ToTarget settings) {
    Map<String, String> values = new LinkedHashMap<>();
    settings
        .more()
        .forEach((name, value) -> {
          if (!NAME.matcher(name).matches() || OURS.contains(name)) {
            throw badSetting("not a setting that can be given: " + name);
          }
          values.put(name, value);
        });
    values.put("restore_command", settings.restoreCommand());
    switch (settings.target()) {
      case RecoveryTarget.AtLsn(var lsn, boolean inclusive) -> {
        values.put("recovery_target_lsn", lsn.toString());
        values.put("recovery_target_inclusive", Boolean.toString(inclusive));
      }
      case RecoveryTarget.AtTime(var time, boolean inclusive) -> {
        values.put("recovery_target_time", TIME.format(time));
        values.put("recovery_target_inclusive", Boolean.toString(inclusive));
      }
      case RecoveryTarget.AtTransaction(long xid, boolean inclusive) -> {
        values.put("recovery_target_xid", Long.toString(xid));
        values.put("recovery_target_inclusive", Boolean.toString(inclusive));
      }
      case RecoveryTarget.AtName(String name) -> values.put("recovery_target_name", name);
      case RecoveryTarget.AtConsistency() -> values.put("recovery_target", "immediate");
    }
    values.put("recovery_target_timeline", Integer.toString(settings.timeline()));
    values.put("recovery_target_action", "pause");
    // Without it a server that reaches its target shuts down instead of pausing.
    values.put("hot_standby", "on");
    return values;
  }

  private static Map<String, String> values(AsStandby settings) {
    Map<String, String> values = new LinkedHashMap<>();
    StringBuilder conninfo = new StringBuilder();
    append(conninfo, "host", settings.host());
    append(conninfo, "port", Integer.toString(settings.port()));
    append(conninfo, "user", settings.user());
    settings.passwordFile().ifPresent(file -> append(conninfo, "passfile", file.toString()));
    if (!settings.name().isEmpty()) {
      append(conninfo, "application_name", settings.name());
    }
    values.put("primary_conninfo", conninfo.toString());
    if (!settings.slot().isEmpty()) {
      values.put("primary_slot_name", settings.slot());
    }
    if (!settings.restoreCommand().isEmpty()) {
      values.put("restore_command", settings.restoreCommand());
    }
    values.put("recovery_target_timeline", "latest");
    return values;
  }

  private static void append(StringBuilder conninfo, String key, String value) {
    if (!conninfo.isEmpty()) {
      conninfo.append(' ');
    }
    String escaped = value.replace("\\", "\\\\").replace("'", "\\'");
    conninfo.append(key).append("='").append(escaped).append('\'');
  }

  private static String quoted(String value) {
    if (value.chars().anyMatch(c -> c < ' ' || c == 127)) {
      throw badSetting("a value with a control character cannot stand in a configuration");
    }
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /// The file is read and written byte by byte, since nothing says which encoding others used in
  /// it.
  private static String asBytes(String value) {
    return new String(value.getBytes(UTF_8), ISO_8859_1);
  }

  private static ChrysalisException badSetting(String what) {
    return new ChrysalisException(
        PostgresErrors.BAD_SETTING, what, "correct the settings that the restore was given");
  }
}
