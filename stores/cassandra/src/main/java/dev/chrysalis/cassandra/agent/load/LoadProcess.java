package dev.chrysalis.cassandra.agent.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.chrysalis.cassandra.CassandraErrors;
import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.ErrorCode;
import dev.chrysalis.platform.volume.CopyProgress;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The process of the bulk loader: requests go in, answers come out, a line each. It ends with this
/// one, however that ends. For one thread.
public final class LoadProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long GRACE_SECONDS = 10;
  private static final int LAST_WORDS = 2000;

  private final Process process;
  private final Path log;
  private final String hint;
  private final BufferedWriter requests;
  private final BufferedReader answers;

  private LoadProcess(Process process, Path log, String hint) {
    this.process = process;
    this.log = log;
    this.hint = hint;
    this.requests = process.outputWriter(UTF_8);
    this.answers = process.inputReader(UTF_8);
  }

  /// Starts it and connects it to a ring: `NO_LOADER`, `LOADER_FAILED`.
  ///
  /// @param scratch a private folder, for what it says
  public static LoadProcess start(LoaderProgram program, TargetRing ring, Path scratch) {
    return start(
        program,
        ring.begin(),
        scratch,
        "once the cause is gone repeat the command; what a load has loaded stays, and it goes on with"
            + " --again");
  }

  /// Starts it to read files only: `NO_LOADER`, `LOADER_FAILED`.
  ///
  /// @param configuration `cassandra.yaml` of a node, for what tables may name of it
  /// @param scratch a private folder, for what it says
  public static LoadProcess withoutRing(
      LoaderProgram program, Optional<Path> configuration, Path scratch) {
    return start(
        program,
        Map.of("do", "begin", "config", configuration.map(Path::toString).orElse("")),
        scratch,
        "nothing was touched; once the cause is gone try it again");
  }

  private static LoadProcess start(
      LoaderProgram program, Map<String, ?> begin, Path scratch, String hint) {
    program.require();
    Path log = scratch.resolve("loader.log");
    Path temporary = scratch.resolve("temporary");
    LoadProcess started;
    try {
      Files.createDirectories(temporary);
      started =
          new LoadProcess(
              new ProcessBuilder(program.command(temporary))
                  .redirectError(log.toFile())
                  .directory(scratch.toFile())
                  .start(),
              log,
              hint);
    } catch (IOException e) {
      throw new ChrysalisException(
          CassandraErrors.NO_LOADER,
          "the loader does not start: " + e.getMessage(),
          "nothing was touched; look at --server-java and --server-libraries",
          e);
    }
    try {
      JsonNode _ = started.ask(begin, CopyProgress.silent());
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  /// Asks for something and waits for the answer. `LOADER_FAILED` where it cannot be done;
  /// `LOADER_UNABLE` where that is for a reason of this machine, or of the loader, or for none that
  /// is known.
  JsonNode ask(Map<String, ?> request, CopyProgress progress) {
    try {
      requests.write(JSON.writeValueAsString(request));
      requests.newLine();
      requests.flush();
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        JsonNode answer = JSON.readTree(line);
        if (answer.has("error")) {
          throw failed(
              answer.path("ofTheMachine").asBoolean()
                  ? CassandraErrors.LOADER_UNABLE
                  : CassandraErrors.LOADER_FAILED,
              answer.path("error").asText(),
              null);
        }
        if (!answer.has("progress")) {
          return answer;
        }
        progress.progress(
            answer.path("progress").asText(),
            answer.path("done").asLong(),
            answer.path("total").asLong());
      }
    } catch (JsonProcessingException e) {
      throw ended("the loader says something else than an answer: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw ended("the loader ended: " + lastWords(), e);
    }
    throw ended("the loader ended: " + lastWords(), null);
  }

  private ChrysalisException ended(String message, @Nullable Throwable cause) {
    return failed(CassandraErrors.LOADER_UNABLE, message, cause);
  }

  private ChrysalisException failed(ErrorCode code, String message, @Nullable Throwable cause) {
    return new ChrysalisException(code, message, hint, cause);
  }

  private String lastWords() {
    try {
      String all = Files.exists(log) ? Files.readString(log) : "";
      return all.substring(Math.max(0, all.length() - LAST_WORDS)).strip();
    } catch (IOException e) {
      return "it left no log: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    try {
      requests.close();
      if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
        int _ = process.destroyForcibly().waitFor();
      }
      answers.close();
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
