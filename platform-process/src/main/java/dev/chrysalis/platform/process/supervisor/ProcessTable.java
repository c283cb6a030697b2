package dev.chrysalis.platform.process.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The machine's processes, read from Linux's `/proc`.
final class ProcessTable {
  private final Path proc;
  private final String boot;

  ProcessTable(Path proc) {
    this.proc = proc;
    try {
      this.boot = Files.readString(proc.resolve("sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the supervisor needs Linux's /proc", e);
    }
  }

  /// A process as its `stat` describes it.
  ///
  /// @param state `R`, `S`, `T` (stopped), `Z` (ended but not yet reaped) and the like
  record Seen(ProcessId id, char state, long parent) {
    boolean ended() {
      return state == 'Z' || state == 'X';
    }

    boolean halted() {
      return state == 'T' || state == 't';
    }
  }

  /// The process that has this pid now.
  Optional<Seen> at(long pid) {
    try {
      byte[] stat = Files.readAllBytes(proc.resolve(Long.toString(pid)).resolve("stat"));
      return Optional.of(parse(pid, new String(stat, StandardCharsets.ISO_8859_1)));
    } catch (IOException e) {
      // It ended in this moment: `/proc` answers with no such file, or no such process.
      return Optional.empty();
    }
  }

  /// The very process, where it is still there, be it as a zombie.
  Optional<Seen> find(ProcessId id) {
    return id.boot().equals(boot)
        ? at(id.pid()).filter(seen -> seen.id().start() == id.start())
        : Optional.empty();
  }

  boolean runs(ProcessId id) {
    return find(id).filter(seen -> !seen.ended()).isPresent();
  }

  List<Seen> all() {
    var all = new ArrayList<Seen>();
    try (DirectoryStream<Path> pids = Files.newDirectoryStream(proc, "[1-9]*")) {
      for (Path pid : pids) {
        at(Long.parseLong(pid.getFileName().toString())).ifPresent(all::add);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the processes of this machine", e);
    }
    return all;
  }

  /// The value of a variable in the environment that the process was started with; empty where it
  /// has none or cannot be read.
  Optional<String> variable(long pid, String name) {
    try {
      byte[] bytes = Files.readAllBytes(proc.resolve(Long.toString(pid)).resolve("environ"));
      String environment = new String(bytes, StandardCharsets.UTF_8);
      String wanted = name + "=";
      for (int at = 0; at < environment.length(); ) {
        int end = environment.indexOf('\0', at);
        int stop = end < 0 ? environment.length() : end;
        if (environment.startsWith(wanted, at)) {
          return Optional.of(environment.substring(at + wanted.length(), stop));
        }
        at = stop + 1;
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// Where the process works, also when that directory was removed.
  Optional<Path> directory(long pid) {
    try {
      return Optional.of(Files.readSymbolicLink(proc.resolve(Long.toString(pid)).resolve("cwd")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// The pids that hold a POSIX lock on any file.
  Set<Long> lockHolders() {
    var holders = new HashSet<Long>();
    try {
      // `1: POSIX ADVISORY WRITE 4711 00:2f:1234 0 EOF`; every JVM holds a lock of the kind FLOCK.
      for (String line : Files.readAllLines(proc.resolve("locks"), StandardCharsets.ISO_8859_1)) {
        List<String> words = List.of(line.strip().split("\\s+"));
        if (words.size() > 4 && words.get(1).equals("POSIX") && words.get(4).matches("[0-9]+")) {
          holders.add(Long.parseLong(words.get(4)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the locks of this machine", e);
    }
    return holders;
  }

  private Seen parse(long pid, String stat) throws IOException {
    // The second field is the program's name in parentheses, which may itself hold anything.
    int end = stat.lastIndexOf(')');
    List<String> fields = end < 0 ? List.of() : List.of(stat.substring(end + 2).split(" "));
    if (fields.size() < 20) {
      throw new IOException("not a stat: " + stat);
    }
    var id = new ProcessId(pid, Long.parseLong(fields.get(19)), boot);
    return new Seen(id, fields.get(0).charAt(0), Long.parseLong(fields.get(1)));
  }
}
