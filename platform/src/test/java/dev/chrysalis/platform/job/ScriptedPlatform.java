package dev.chrysalis.platform.job;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformEvent;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.Workload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A platform of which only `exec` works: it answers from a script, and then from a last answer
/// that is repeated.
final class ScriptedPlatform implements Platform {
  private final Deque<Answer> script = new ArrayDeque<>();
  private final Answer last;
  final List<List<String>> commands = new ArrayList<>();

  ScriptedPlatform(Answer last) {
    this.last = last;
  }

  ScriptedPlatform then(Answer answer) {
    script.add(answer);
    return this;
  }

  /// What an exec does: prints lines and ends.
  interface Answer {
    ExecOutcome to(List<String> command, Consumer<String> onLine);
  }

  static Answer exits(int code, String errors, String... lines) {
    return (_, onLine) -> {
      List.of(lines).forEach(onLine);
      return new ExecOutcome.Exited(code, errors);
    };
  }

  static Answer breaks(String... lines) {
    return (_, onLine) -> {
      List.of(lines).forEach(onLine);
      return new ExecOutcome.Broken("connection reset");
    };
  }

  @Override
  public ExecOutcome exec(MemberId member, List<String> arguments, Consumer<String> onLine) {
    commands.add(arguments);
    Answer answer = script.isEmpty() ? last : script.removeFirst();
    return answer.to(arguments, onLine);
  }

  @Override
  public List<Workload> workloads() {
    return List.of();
  }

  @Override
  public Workload workload(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<PlatformEvent> events(String workload, int newest) {
    return List.of();
  }

  @Override
  public List<String> logs(MemberId member, String container, int newestLines) {
    return List.of();
  }

  @Override
  public void scale(Token token, String workload, int replicas) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restart(Token token, String workload) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void restartMember(Token token, MemberId member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void rollback(Token token, String workload, int revision) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int configure(Token token, String workload, Map<String, String> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Fencing fence(Token token, MemberId member, String cause) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Fencing fencing(MemberId member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void unfence(Token token, MemberId member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Volume volume(MemberId member) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void setAside(Token token, MemberId member, String aside) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void giveBack(Token token, MemberId member, String aside) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void dropAside(Token token, MemberId member, String aside) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void createScratch(
      Token token, String like, String name, Map<String, String> environment) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void removeScratch(Token token, String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Aside> asides(String workload) {
    return List.of();
  }

  @Override
  public void close() {}
}
