package dev.chrysalis.recovery;

import dev.chrysalis.model.MemberId;
import dev.chrysalis.redis.control.Past;
import dev.chrysalis.redis.control.RestorePoints;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Stands for what a vault that could not be opened may hold of Redis.
record UnreadableRestorePoints(UnreadableVault vault) implements RestorePoints {
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
  public Optional<Instant> recoveryPoint(MemberId member) {
    throw vault.again();
  }

  @Override
  public Past past() {
    throw vault.again();
  }

  @Override
  public void accept(Instant at) {
    throw vault.again();
  }

  @Override
  public Chosen choose(Optional<Instant> to) {
    throw vault.again();
  }

  @Override
  public Chosen ofSnapshot(String snapshot) {
    throw vault.again();
  }

  @Override
  public Optional<String> newestSnapshot() {
    throw vault.again();
  }
}
