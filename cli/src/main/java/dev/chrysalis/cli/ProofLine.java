package dev.chrysalis.cli;

import dev.chrysalis.vault.proof.SnapshotProver;
import java.io.PrintStream;

/// Shows how far a proof is, a line for every tenth of it. Safe for many threads.
public final class ProofLine implements SnapshotProver.Progress {
  private static final double MEGABYTE = 1e6;

  private final PrintStream out;
  private long tenths;

  public ProofLine(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void read(long bytes, long total) {
    long now = total == 0 ? 0 : bytes * 10 / total;
    if (now > tenths) {
      tenths = now;
      out.printf("read %.0f of %.0f MB%n", bytes / MEGABYTE, total / MEGABYTE);
      out.flush();
    }
  }
}
