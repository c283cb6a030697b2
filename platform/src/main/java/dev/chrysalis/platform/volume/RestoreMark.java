package dev.chrysalis.platform.volume;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.PlatformErrors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file by which a data directory says which job restored which snapshot into it. While the
/// restore goes on it is called `BEGUN`; the restore's very last act renames it to `ENDED`, where
/// it stays as the evidence that a probe looks for.
///
/// @param job the job's name
/// @param snapshot the snapshot's name
/// @param boot which boot of the machine wrote it: what was written but not yet synced is still
///   there in the same boot, and is not to be trusted after another
/// @param at the moment that is restored; empty where the store finds it out only later
public record RestoreMark(String job, String snapshot, String boot, Optional<Instant> at) {
  public static final String BEGUN = "chrysalis-restore.json";
  public static final String ENDED = "chrysalis-restored.json";

  /// Its name for the moment before it stands; a directory that holds only this is still empty.
  public static final String BEING_WRITTEN = BEGUN + ".chrysalis-new";

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,100}");
  private static final Pattern FORM =
      Pattern.compile(
          "\\{\"job\":\"([a-z0-9-]+)\",\"snapshot\":\"([a-z0-9-]+)\",\"boot\":\"([a-z0-9-]+)\""
              + "(?:,\"at\":\"([0-9TZ:.-]+)\")?}\\s*");
  private static final int MAX_BYTES = 4096;

  public RestoreMark {
    if (!NAME.matcher(job).matches()
        || !NAME.matcher(snapshot).matches()
        || !NAME.matcher(boot).matches()) {
      throw new IllegalArgumentException("not a restore's mark: " + job + " " + snapshot);
    }
  }

  public RestoreMark(String job, String snapshot, String boot) {
    this(job, snapshot, boot, Optional.empty());
  }

  /// The mark that a job on this machine lays down now.
  public static RestoreMark ofThisBoot(String job, String snapshot) throws IOException {
    // Elsewhere than on Linux no attempt trusts what an earlier one left.
    String boot =
        Files.isReadable(BOOT_ID)
            ? Files.readString(BOOT_ID).strip()
            : UUID.randomUUID().toString();
    return new RestoreMark(job, snapshot, boot);
  }

  /// The same, of a restore to this moment.
  public RestoreMark at(Instant moment) {
    return new RestoreMark(job, snapshot, boot, Optional.of(moment));
  }

  /// Whether it is of this job and snapshot.
  public boolean isOf(String otherJob, String otherSnapshot) {
    return job.equals(otherJob) && snapshot.equals(otherSnapshot);
  }

  /// The mark of that name in the directory, or empty. `NOT_A_MARK` where the file is something
  /// else.
  public static Optional<RestoreMark> read(Path directory, String name) throws IOException {
    Path file = directory.resolve(name);
    try {
      Matcher m = FORM.matcher(Files.size(file) > MAX_BYTES ? "" : Files.readString(file));
      if (!m.matches()) {
        throw notAMark(file);
      }
      return Optional.of(
          new RestoreMark(
              m.group(1),
              m.group(2),
              m.group(3),
              Optional.ofNullable(m.group(4)).map(Instant::parse)));
    } catch (DateTimeException e) {
      throw notAMark(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static ChrysalisException notAMark(Path file) {
    return new ChrysalisException(
        PlatformErrors.NOT_A_MARK,
        file + " is not the mark of a restore",
        "set the directory aside and restore again");
  }

  /// The file's content.
  public String toJson() {
    return "{\"job\":\"%s\",\"snapshot\":\"%s\",\"boot\":\"%s\"%s}\n"
        .formatted(job, snapshot, boot, at.map(moment -> ",\"at\":\"" + moment + "\"").orElse(""));
  }
}
