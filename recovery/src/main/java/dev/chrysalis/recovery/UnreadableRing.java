package dev.chrysalis.recovery;

import dev.chrysalis.cassandra.control.RestorePoints;
import dev.chrysalis.model.MemberId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Stands for what a vault that could not be opened may hold of a Cassandra ring.
record UnreadableRing(UnreadableVault vault) implements RestorePoints {
  @Override
  public List<Point> all() {
    throw vault.again();
  }

  @Override
  public Optional<Point> newest() {
    throw vault.again();
  }

  @Override
  public Optional<Instant> recoveryPoint() {
    throw vault.again();
  }

  @Override
  public Map<MemberId, Held> held() {
    throw vault.again();
  }

  @Override
  public Optional<Instant> recoveryPoint(MemberId member) {
    throw vault.again();
  }

  @Override
  public Set<String> hostIds() {
    throw vault.again();
  }

  @Override
  public Set<MemberId> damaged() {
    throw vault.again();
  }

  @Override
  public Optional<String> hostId(MemberId member) {
    throw vault.again();
  }

  @Override
  public Chosen ofBackup(String backup) {
    throw vault.again();
  }

  @Override
  public Chosen ofSnapshot(String snapshot) {
    throw vault.again();
  }

  @Override
  public Chosen choose(Optional<Instant> to) {
    throw vault.again();
  }

  @Override
  public Optional<String> newestSnapshot() {
    throw vault.again();
  }
}
