package dev.chrysalis.engine;

import dev.chrysalis.model.ChrysalisException;
import dev.chrysalis.model.RecordStore;
import dev.chrysalis.model.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Gives the right to change a stack to one controller at a time, over keys that are created once.
///
/// 1. Look at the newest token. Where there is none, or its end is written, create the next one.
/// 2. Else watch it: every new beat is a sign of life.
/// 3. When a look that began a whole time to live after the last sign was first seen, by the
///    watcher's own monotonic clock, shows no newer sign, create the next token.
/// 4. Of many who create the same token one wins; the others begin again.
///
/// Kept: tokens only grow and are never given twice; see `Lease` for what the holder keeps. Two
/// machines' wall clocks are never compared. The longer of the holder's and the watcher's time to
/// live counts.
///
/// Records: `lease/STACK/held/TOKEN`, `lease/STACK/beat/TOKEN/NUMBER` (one every 3 s by default;
/// those of any token but the newest may be pruned), `lease/STACK/end/TOKEN`; a token is 16
/// hexadecimal digits.
public final class Leases {
  /// How long a holder may give no sign of life.
  public static final Duration TIME_TO_LIVE = Duration.ofSeconds(15);

  /// A lease as it stands in the vault.
  ///
  /// @param since when it was taken, by the holder's clock
  /// @param released whether its holder gave it back
  public record Seen(Token token, Holder holder, Instant since, boolean released) {}

  private record Sign(Token token, String beat) {}

  private final RecordStore records;
  private final Surroundings surroundings;
  private final Duration timeToLive;

  public Leases(RecordStore records, Surroundings surroundings) {
    this(records, surroundings, TIME_TO_LIVE);
  }

  public Leases(RecordStore records, Surroundings surroundings, Duration timeToLive) {
    this.records = records;
    this.surroundings = surroundings;
    this.timeToLive = timeToLive;
  }

  /// The newest lease of the stack, held or released.
  public Optional<Seen> newest(String stack) {
    return newestToken(stack)
        .map(token -> {
          LeaseRecord held = held(stack, token);
          return new Seen(token, held.holder(), held.since(), released(stack, token));
        });
  }

  /// Takes the lease. Waits for another holder to release it or to die, at most as long as said;
  /// after that throws `LEASE_HELD`, which names the holder. A dead holder's lease can be taken
  /// only by who waits longer than the time to live.
  public Lease acquire(String stack, Holder holder, Duration waitAtMost) {
    Ticker ticker = surroundings.ticker();
    long began = ticker.nanos();
    Optional<Sign> seen = Optional.empty();
    long seenAt = began;
    while (true) {
      long lookBegan = ticker.nanos();
      Optional<Sign> sign = look(stack);
      if (!sign.equals(seen)) {
        seen = sign;
        seenAt = ticker.nanos();
      }
      if (sign.isEmpty() || free(stack, sign.get().token(), lookBegan - seenAt)) {
        Optional<Lease> taken = take(stack, holder, next(sign));
        if (taken.isPresent()) {
          return taken.get();
        }
      } else if (ticker.nanos() - began >= waitAtMost.toNanos()) {
        throw heldError(stack, sign.get().token());
      } else {
        pause(stack);
      }
    }
  }

  /// The records of signs of life that nobody will look at any more: those of all leases of the
  /// stack before the newest.
  public List<String> spentBeats(String stack) {
    Optional<Token> newest = newestToken(stack);
    if (newest.isEmpty()) {
      return List.of();
    }
    String kept = RecordKeys.beats(stack, newest.get());
    return records.keys(RecordKeys.beats(stack)).stream()
        .filter(key -> key.compareTo(kept) < 0)
        .toList();
  }

  private boolean free(String stack, Token token, long silentNanos) {
    if (released(stack, token)) {
      return true;
    }
    Duration theirs = held(stack, token).timeToLive();
    Duration longer = theirs.compareTo(timeToLive) > 0 ? theirs : timeToLive;
    return silentNanos >= longer.toNanos();
  }

  private Optional<Sign> look(String stack) {
    return newestToken(stack)
        .map(token -> {
          List<String> beats = records.keys(RecordKeys.beats(stack, token));
          return new Sign(token, beats.isEmpty() ? "" : beats.getLast());
        });
  }

  private Optional<Token> newestToken(String stack) {
    List<String> tokens = records.keys(RecordKeys.held(stack));
    return tokens.isEmpty() ? Optional.empty() : Optional.of(RecordKeys.tokenOf(tokens.getLast()));
  }

  private Optional<Lease> take(String stack, Holder holder, Token token) {
    long nanos = surroundings.ticker().nanos();
    Instant at = surroundings.clock().instant();
    byte[] body = new LeaseRecord(1, holder, at, timeToLive, surroundings.nonce()).encoded();
    if (!records.create(RecordKeys.held(stack, token), body)) {
      return Optional.empty();
    }
    Lease lease = new Lease(records, surroundings, stack, token, timeToLive, nanos, at);
    lease.start();
    return Optional.of(lease);
  }

  private static Token next(Optional<Sign> sign) {
    return new Token(sign.map(s -> s.token().value()).orElse(0L) + 1);
  }

  private LeaseRecord held(String stack, Token token) {
    String key = RecordKeys.held(stack, token);
    return LeaseRecord.decoded(
        key,
        records
            .read(key)
            .orElseThrow(() ->
                new ChrysalisException(
                    EngineErrors.JOURNAL_DAMAGED,
                    "the lease record " + key + " is listed, yet not there",
                    "Was something deleted from the vault? `chrysalis check` looks.")));
  }

  private boolean released(String stack, Token token) {
    return records.read(RecordKeys.end(stack, token)).isPresent();
  }

  private void pause(String stack) {
    try {
      surroundings.ticker().pause(timeToLive.dividedBy(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ChrysalisException(
          EngineErrors.INTERRUPTED,
          "interrupted while waiting for the lease on stack " + stack,
          "Nothing was changed.",
          e);
    }
  }

  private ChrysalisException heldError(String stack, Token token) {
    LeaseRecord held = held(stack, token);
    return new ChrysalisException(
        EngineErrors.LEASE_HELD,
        "stack %s is held by %s since %s (token %s)"
            .formatted(stack, held.holder(), held.since(), token),
        "Wait until that command ends, or stop it there. If it is dead, try again and wait longer: "
            + "its lease runs out "
            + held.timeToLive().toSeconds()
            + " s after its last sign of life.");
  }
}
