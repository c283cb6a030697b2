package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.Signals;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/// Breaks the database for good.
///
/// 1. Who is primary is asked of the servers; who does not answer is no primary.
/// 2. A server is halted with all its processes before anything else: from then on it acknowledges
///    nothing, and that moment is the disaster's.
/// 3. A volume that is to be destroyed is renamed away in one act before the server is killed, so
///    that a restart by the supervisor finds it gone, and deleted after.
/// 4. Wrong values are written by a client as any other; the server tells when it was about to.
final class StoreBreaker {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<MemberId> members;
  private final Function<MemberId, PostgresServer> servers;
  private final Function<MemberId, Path> volumes;
  private final Graveyard graves;
  private final Clock clock;
  private final Signals signals = new Signals();

  StoreBreaker(
      List<MemberId> members,
      Function<MemberId, PostgresServer> servers,
      Function<MemberId, Path> volumes,
      Graveyard graves,
      Clock clock) {
    this.members = members;
    this.servers = servers;
    this.volumes = volumes;
    this.graves = graves;
    this.clock = clock;
  }

  Disaster primaryLost() {
    return destroy(Fault.PRIMARY_LOST, List.of(member(true)));
  }

  Disaster replicaLost() {
    return destroy(Fault.REPLICA_VOLUME_LOST, List.of(member(false)));
  }

  Disaster allLost() {
    return destroy(Fault.STORE_LOST, members);
  }

  Disaster primaryHung() {
    return halt(Fault.PRIMARY_DOWN, List.of(member(true)));
  }

  Disaster replicaHung() {
    return halt(Fault.REPLICA_DOWN, List.of(member(false)));
  }

  private Disaster halt(Fault fault, List<MemberId> hit) {
    hit.forEach(member -> send(member, Signals.STOP));
    return Disaster.of(fault, clock.instant(), hit);
  }

  private Disaster destroy(Fault fault, List<MemberId> hit) {
    Disaster disaster = halt(fault, hit);
    for (MemberId member : hit) {
      List<Long> processes = servers.apply(member).processes();
      graves.bury(volumes.apply(member));
      processes.forEach(pid -> signals.send(pid, Signals.KILL));
    }
    graves.clear();
    return disaster;
  }

  Disaster dropSlot() {
    MemberId primary = member(true);
    PostgresServer server = servers.apply(primary);
    List<String> slots = server.followersSlots();
    if (slots.isEmpty()) {
      throw nobody("no replica follows through a slot");
    }
    Instant at = clock.instant();
    for (String slot : slots) {
      Waiting.until(() -> server.dropSlot(slot), PATIENCE, () -> "slot " + slot + " stays in use");
    }
    return Disaster.of(Fault.REPLICATION_BROKEN, at, List.of(primary));
  }

  Disaster overwrite() {
    MemberId primary = member(true);
    Instant at = clock.instant();
    Instant before = servers.apply(primary).overwriteValues();
    return new Disaster(Fault.DATA_CORRUPTED, at, List.of(primary), before);
  }

  private void send(MemberId member, int signal) {
    servers.apply(member).processes().forEach(pid -> signals.send(pid, signal));
  }

  private MemberId member(boolean primary) {
    return members.stream()
        .filter(m -> servers.apply(m).takesWrites().filter(w -> w == primary).isPresent())
        .findFirst()
        .orElseThrow(() -> nobody(primary ? "no primary answers" : "no replica answers"));
  }

  private static ChrysalisException nobody(String what) {
    return new ChrysalisException(
        LabErrors.FAULT_FAILED,
        "there is nothing to break: " + what,
        "see chrysalis lab status; recover the lab, or make a new one with lab down and lab up");
  }
}
