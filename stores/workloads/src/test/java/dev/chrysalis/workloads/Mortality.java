package dev.chrysalis.workloads;

import java.util.concurrent.atomic.AtomicInteger;

/// Lets a controller die at its n-th chance, and stay dead: every later chance kills again. What
/// happens instead of dying can be chosen, a suspension for example.
public final class Mortality {
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed(String where) {
      super("killed " + where);
    }
  }

  private final AtomicInteger chances = new AtomicInteger();
  private final int fatal;

  public Mortality(int fatal) {
    this.fatal = fatal;
  }

  public static Mortality immortal() {
    return new Mortality(Integer.MAX_VALUE);
  }

  public void chance(String where) {
    if (!SharedTime.inHeart() && chances.incrementAndGet() >= fatal) {
      throw new Killed(where);
    }
  }

  public boolean died() {
    return chances.get() >= fatal;
  }
}
