package dev.chrysalis.workloads;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.model.Token;
import dev.chrysalis.platform.Aside;
import dev.chrysalis.platform.ExecOutcome;
import dev.chrysalis.platform.Fencing;
import dev.chrysalis.platform.Platform;
import dev.chrysalis.platform.PlatformEvent;
import dev.chrysalis.platform.Volume;
import dev.chrysalis.platform.Workload;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One controller's way to the platform: something may befall the controller before and after every
/// call, and between two lines of an agent's answer.
///
/// @param chance told where it is; what it throws is thrown
public record MortalPlatform(Platform behind, Consumer<String> chance) implements Platform {
  private <T> T look(String what, Supplier<T> call) {
    chance.accept("before " + what);
    return call.get();
  }

  private <T> T change(String what, Supplier<T> call) {
    chance.accept("before " + what);
    T result = call.get();
    chance.accept("after " + what);
    return result;
  }

  private void change(String what, Runnable call) {
    boolean _ =
        change(
            what,
            () -> {
              call.run();
              return true;
            });
  }

  @Override
  public List<Workload> workloads() {
    return look("looking at all", behind::workloads);
  }

  @Override
  public Workload workload(String name) {
    return look("looking at " + name, () -> behind.workload(name));
  }

  @Override
  public List<PlatformEvent> events(String workload, int newest) {
    return look("events of " + workload, () -> behind.events(workload, newest));
  }

  @Override
  public List<String> logs(MemberId member, String container, int newestLines) {
    return look("log of " + member, () -> behind.logs(member, container, newestLines));
  }

  @Override
  public void scale(Token token, String workload, int replicas) {
    change("scaling " + workload, () -> behind.scale(token, workload, replicas));
  }

  @Override
  public void restart(Token token, String workload) {
    change("restarting " + workload, () -> behind.restart(token, workload));
  }

  @Override
  public void restartMember(Token token, MemberId member) {
    change("restarting " + member, () -> behind.restartMember(token, member));
  }

  @Override
  public void rollback(Token token, String workload, int revision) {
    change("rolling back " + workload, () -> behind.rollback(token, workload, revision));
  }

  @Override
  public int configure(Token token, String workload, Map<String, String> environment) {
    return change("configuring " + workload, () -> behind.configure(token, workload, environment));
  }

  @Override
  public Fencing fence(Token token, MemberId member, String cause) {
    return change("fencing " + member, () -> behind.fence(token, member, cause));
  }

  @Override
  public Fencing fencing(MemberId member) {
    return look("fencing of " + member, () -> behind.fencing(member));
  }

  @Override
  public void unfence(Token token, MemberId member) {
    change("unfencing " + member, () -> behind.unfence(token, member));
  }

  @Override
  public Volume volume(MemberId member) {
    return look("volume of " + member, () -> behind.volume(member));
  }

  @Override
  public void setAside(Token token, MemberId member, String aside) {
    change("setting aside " + member, () -> behind.setAside(token, member, aside));
  }

  @Override
  public void giveBack(Token token, MemberId member, String aside) {
    change("giving back " + member, () -> behind.giveBack(token, member, aside));
  }

  @Override
  public void dropAside(Token token, MemberId member, String aside) {
    change("dropping the aside of " + member, () -> behind.dropAside(token, member, aside));
  }

  @Override
  public void createScratch(
      Token token, String like, String name, Map<String, String> environment) {
    change("making " + name, () -> behind.createScratch(token, like, name, environment));
  }

  @Override
  public void removeScratch(Token token, String name) {
    change("removing " + name, () -> behind.removeScratch(token, name));
  }

  @Override
  public List<Aside> asides(String workload) {
    return look("asides of " + workload, () -> behind.asides(workload));
  }

  @Override
  public ExecOutcome exec(MemberId member, List<String> arguments, Consumer<String> onLine) {
    String what = "exec on " + member + " of " + arguments;
    return change(
        what,
        () ->
            behind.exec(
                member,
                arguments,
                line -> {
                  chance.accept("in the middle of " + what);
                  onLine.accept(line);
                }));
  }

  @Override
  public void close() {
    behind.close();
  }
}
