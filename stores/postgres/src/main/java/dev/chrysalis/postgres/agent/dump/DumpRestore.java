package dev.chrysalis.postgres.agent.dump;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.platform.job.JobId;
import dev.chrysalis.platform.volume.CopyProgress;
import dev.chrysalis.platform.volume.LeftOvers;
import dev.chrysalis.platform.volume.PrivateFiles;
import dev.chrysalis.platform.volume.RestoreMark;
import dev.chrysalis.postgres.PostgresErrors;
import dev.chrysalis.postgres.agent.server.DataDirectoryState;
import dev.chrysalis.postgres.agent.server.PostmasterFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// Restores a dump into a fresh cluster, all or nothing:
///
/// 1. what can refuse is asked before anything is made: a server that runs, a directory that holds
///    something, programs that are missing;
/// 2. `initdb` makes a cluster beside the data directory, under another name; a server of its own,
///    which nobody else reaches, runs on it;
/// 3. roles and database are made, and the dump is fed to `psql` in one transaction, which is
///    committed only when the dump has come to its end and is the one that was checked;
/// 4. the rows of every table are counted and compared with those of the dump;
/// 5. the server is stopped, settings are laid down, everything is synced;
/// 6. the directory gets its name, with a mark of this job in it.
///
/// Property: a crash before the last step leaves nothing where a server would look; the next
/// attempt ends the server that is left over and begins anew. Memory is bounded.
///
/// Errors: `SERVER_RUNNING`, `NOT_EMPTY`, `NO_SERVER_PROGRAMS`, `DUMP_UNUSABLE`, `DUMP_FAILED`,
/// `UNDECLARED_ROLE`, `BAD_SETTING`, `NO_ROOM`, `VOLUME_FAILED`.
public final class DumpRestore {
  private static final String BESIDE = ".chrysalis-dump";

  private final ServerPrograms installed;
  private final CopyProgress progress;

  public DumpRestore(ServerPrograms installed, CopyProgress progress) {
    this.installed = installed;
    this.progress = progress;
  }

  /// What to restore.
  ///
  /// @param job the job that does it
  /// @param sha256 of the dump that was checked; another one is refused
  /// @param data the data directory, empty or missing
  public record Request(
      JobId job, DumpSource source, String sha256, Path data, FreshDatabase database) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public Request {
      if (!SHA256.matcher(sha256).matches()) {
        throw new IllegalArgumentException("not a SHA-256 in hexadecimal digits: " + sha256);
      }
    }

    private String mark() {
      return "dump-" + sha256;
    }
  }

  /// Restores it. Empty contents where this job had restored it before.
  public Optional<DumpContents> run(Request request) {
    installed.check();
    try {
      Path data = request.data();
      RestoreMark mark = RestoreMark.ofThisBoot(request.job().value(), request.mark());
      if (Files.isDirectory(data) && hasEnded(data, mark)) {
        return Optional.empty();
      }
      requireEmpty(data);
      Path beside = data.resolveSibling(data.getFileName() + BESIDE);
      clear(beside);
      Path volume = PrivateFiles.parent(data);
      Programs programs = Programs.of(PrivateFiles.like(volume), volume);
      FreshCluster cluster = new FreshCluster(installed, programs, beside, request.database());
      return Optional.of(restore(cluster, request, mark));
    } catch (IOException | UncheckedIOException e) {
      throw PostgresErrors.VOLUME.of(
          "cannot restore into",
          request.data(),
          e,
          "look at the volume and at the agent's rights on it");
    }
  }

  private DumpContents restore(FreshCluster cluster, Request request, RestoreMark mark)
      throws IOException {
    Path beside = cluster.data();
    PrivateFiles files = cluster.programs().owner();
    try {
      DumpContents contents = fill(cluster, request);
      cluster.configure();
      files.replace(beside.resolve(RestoreMark.ENDED), mark.toJson());
      progress.progress("syncing files", 0, 0);
      cluster.sync();
      files.rename(beside, request.data());
      return contents;
    } catch (IOException | RuntimeException e) {
      clearBehind(e, beside);
      throw e;
    }
  }

  /// What fills the volume helps nobody.
  private static void clearBehind(Exception failure, Path beside) {
    try {
      clear(beside);
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private DumpContents fill(FreshCluster cluster, Request request) throws IOException {
    FreshDatabase database = request.database();
    progress.progress("making a cluster", 0, 0);
    cluster.make();
    try (PrivateServer server =
        PrivateServer.start(installed, cluster.programs(), cluster.data(), database.superuser())) {
      cluster.fill(server.connection("postgres"));
      DumpContents contents =
          new Psql(cluster.programs(), installed.psql(), server, database.superuser())
              .run(
                  database.name(),
                  to -> {
                    DumpContents read = request.source().copy("restoring the dump", to);
                    requireChecked(request, read);
                    return read;
                  });
      progress.progress("counting rows", 0, 0);
      cluster.verify(server.connection(database.name()), contents);
      server.stop();
      return contents;
    }
  }

  private static void requireChecked(Request request, DumpContents read) {
    if (!read.sha256().equals(request.sha256())) {
      throw new ChrysalisException(
          PostgresErrors.DUMP_UNUSABLE,
          "the dump %s is not the one that was checked: somebody replaced it"
              .formatted(request.source().key()),
          "nothing was restored; find out who writes there, then begin anew");
    }
  }

  private static boolean hasEnded(Path data, RestoreMark mark) throws IOException {
    return RestoreMark.read(data, RestoreMark.ENDED)
        .filter(other -> other.isOf(mark.job(), mark.snapshot()))
        .isPresent();
  }

  /// Refuses a data directory that cannot get its name by a rename: a mount point.
  public static void requireReplaceable(Path data) {
    try {
      Path volume = PrivateFiles.parent(data);
      if (Files.isDirectory(data)
          && !Files.getAttribute(data, "unix:dev").equals(Files.getAttribute(volume, "unix:dev"))) {
        throw new ChrysalisException(
            PostgresErrors.BAD_SETTING,
            data + " is a mount point, and a dump is restored beside it and renamed",
            "use a folder below the mount point as data directory");
      }
    } catch (IOException e) {
      throw PostgresErrors.VOLUME.of("cannot look at", data, e, "look at the volume");
    }
  }

  private static void requireEmpty(Path data) throws IOException {
    requireReplaceable(data);
    OptionalLong running =
        Files.isDirectory(data) ? PostmasterFile.runningPid(data) : OptionalLong.empty();
    if (running.isPresent()) {
      throw new ChrysalisException(
          PostgresErrors.SERVER_RUNNING,
          "a server runs on " + data + " (pid " + running.getAsLong() + ")",
          "stop it and keep it stopped first");
    }
    if (Files.exists(data) && !(Files.isDirectory(data) && DataDirectoryState.isEmpty(data))) {
      throw new ChrysalisException(
          PostgresErrors.NOT_EMPTY,
          data + " holds something already",
          "a restore overwrites nothing: set it aside first");
    }
  }

  /// Removes what an attempt that broke off has left.
  private static void clear(Path beside) throws IOException {
    if (!Files.isDirectory(beside)) {
      return;
    }
    OptionalLong running = PostmasterFile.runningPid(beside);
    if (running.isPresent()) {
      PrivateServer.endLeftOver(beside, running.getAsLong());
    }
    Files.walkFileTree(beside, new LeftOvers(beside));
    Files.delete(beside);
  }
}
