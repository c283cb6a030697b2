package dev.chrysalis.lab;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.MemberId;
import dev.chrysalis.platform.process.MemberProcess;
import dev.chrysalis.platform.process.ProcessPlatform;
import dev.chrysalis.platform.process.Signals;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Breaks Redis for good, or what the Sentinels do not heal by themselves.
///
/// 1. Who is master is asked of the servers; who does not answer is none.
/// 2. A server is halted before anything else: from then on it acknowledges nothing, and that
///    moment is the disaster's.
/// 3. A volume that is to be destroyed is renamed away before the server is killed. Where an empty
///    one takes its place, the platform starts the server again at once, before the Sentinels find
///    it missing: what its template says is what it is.
/// 4. Wrong values are written by a client as any other; the server tells when it was about to.
final class RedisBreaker {
  private static final int QUORUM = 2;

  private final ProcessPlatform platform;
  private final RedisServers redis;
  private final Graveyard graves;
  private final Function<MemberId, Path> volumes;
  private final LabUser user;
  private final Clock clock;
  private final Signals signals = new Signals();

  RedisBreaker(
      ProcessPlatform platform,
      RedisServers redis,
      Graveyard graves,
      Function<MemberId, Path> volumes,
      LabUser user,
      Clock clock) {
    this.platform = platform;
    this.redis = redis;
    this.graves = graves;
    this.volumes = volumes;
    this.user = user;
    this.clock = clock;
  }

  Disaster masterHung() {
    return halt(Fault.REDIS_MASTER_DOWN, List.of(master()));
  }

  Disaster replicaHung() {
    MemberId replica = redis.replica().orElseThrow(() -> nothing("no replica answers"));
    return halt(Fault.REDIS_REPLICA_DOWN, List.of(replica));
  }

  /// As many Sentinels as leave too few to agree on anything.
  Disaster quorumHung() {
    return halt(Fault.REDIS_SENTINELS_DOWN, RedisServers.SENTINELS.subList(0, QUORUM));
  }

  /// As many that are gone as those that are there are no majority of.
  Disaster quorumLost() {
    MemberId master = master();
    Instant at = clock.instant();
    redis.server(master).announceSentinels(RedisServers.MEMBERS + 1);
    return Disaster.of(Fault.REDIS_QUORUM_LOST, at, RedisServers.SENTINELS);
  }

  Disaster masterLost() {
    Disaster disaster = halt(Fault.REDIS_MASTER_LOST, List.of(master()));
    MemberId master = disaster.members().getFirst();
    List<Long> processes = processes(master);
    graves.bury(volumes.apply(master));
    user.makeEmpty(volumes.apply(master));
    processes.forEach(pid -> signals.send(pid, Signals.KILL));
    graves.clear();
    return disaster;
  }

  Disaster allLost() {
    Disaster disaster = halt(Fault.REDIS_STORE_LOST, RedisServers.SERVERS);
    for (MemberId member : disaster.members()) {
      List<Long> processes = processes(member);
      graves.bury(volumes.apply(member));
      processes.forEach(pid -> signals.send(pid, Signals.KILL));
    }
    graves.clear();
    return disaster;
  }

  Disaster overwrite() {
    MemberId master = master();
    Instant at = clock.instant();
    Instant before = redis.server(master).overwriteValues();
    return new Disaster(Fault.REDIS_DATA_CORRUPTED, at, List.of(master), before);
  }

  private Disaster halt(Fault fault, List<MemberId> hit) {
    hit.stream()
        .flatMap(member -> processes(member).stream())
        .forEach(pid -> signals.send(pid, Signals.STOP));
    return Disaster.of(fault, clock.instant(), hit);
  }

  /// The server's own, and what it forked to write its files; not the agent's beside it.
  private List<Long> processes(MemberId member) {
    return platform.processes(member).stream()
        .filter(process -> process.container().equals(RedisWorkloads.SERVER))
        .map(MemberProcess::pid)
        .toList();
  }

  private MemberId master() {
    Optional<MemberId> master = redis.master();
    return master.orElseThrow(() -> nothing("no master of Redis answers"));
  }

  private static ChrysalisException nothing(String what) {
    return new ChrysalisException(
        LabErrors.FAULT_FAILED,
        "there is nothing to break: " + what,
        "see chrysalis lab status; recover the lab, or make a new one with lab down and lab up");
  }
}
