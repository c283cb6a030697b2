package dev.chrysalis.vault.backend;

import dev.chrysalis.model.ChrysalisException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A listing that begins again when it breaks, and passes over what it gave already. For one
/// thread.
final class ResumingListing implements Iterator<Backend.Listed> {
  private final Supplier<Stream<Backend.Listed>> listing;
  private final Attempts attempts;
  private @Nullable Stream<Backend.Listed> open;
  private @Nullable Iterator<Backend.Listed> entries;
  private Backend.@Nullable Listed next;
  private String last = "";

  ResumingListing(Supplier<Stream<Backend.Listed>> listing, Supplier<Attempts> attempts) {
    this.listing = listing;
    this.attempts = attempts.get();
    // Made at once, so that a backend that cannot be listed fails in `list` and not later.
    this.next = advance();
  }

  @Override
  public boolean hasNext() {
    return next != null;
  }

  @Override
  public Backend.Listed next() {
    Backend.Listed found = next;
    if (found == null) {
      throw new NoSuchElementException();
    }
    next = advance();
    return found;
  }

  private Backend.@Nullable Listed advance() {
    while (true) {
      try {
        Backend.Listed found = following();
        attempts.progressed();
        return found;
      } catch (ChrysalisException e) {
        close();
        attempts.awaitNext(e);
      }
    }
  }

  private Backend.@Nullable Listed following() {
    Iterator<Backend.Listed> source = entries();
    while (source.hasNext()) {
      Backend.Listed found = source.next();
      if (found.key().compareTo(last) > 0) {
        last = found.key();
        return found;
      }
    }
    return null;
  }

  private Iterator<Backend.Listed> entries() {
    Iterator<Backend.Listed> source = entries;
    if (source == null) {
      Stream<Backend.Listed> stream = listing.get();
      open = stream;
      source = stream.iterator();
      entries = source;
    }
    return source;
  }

  void close() {
    Stream<Backend.Listed> stream = open;
    open = null;
    entries = null;
    if (stream != null) {
      stream.close();
    }
  }
}
