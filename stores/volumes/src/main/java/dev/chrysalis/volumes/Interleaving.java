package dev.chrysalis.volumes;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/// Hands the pieces of several files out in turns, so that those who work on them side by side are
/// mostly in different files: writers of one file wait for each other in the kernel. It is also the
/// order in which a backup by as many threads has put them into its packs.
///
/// Holds the pieces of so many files at most. For one thread.
public final class Interleaving<T> {
  private final int width;
  private final Consumer<T> out;
  private final List<Deque<T>> files = new ArrayList<>();

  /// @param width how many files at once
  public Interleaving(int width, Consumer<T> out) {
    this.width = width;
    this.out = out;
  }

  /// Takes the pieces of one more file.
  public void add(Collection<T> pieces) {
    if (pieces.size() == 1) {
      pieces.forEach(out);
      return;
    }
    files.add(new ArrayDeque<>(pieces));
    while (files.size() >= width) {
      round();
    }
  }

  /// Hands out what is held.
  public void finish() {
    while (!files.isEmpty()) {
      round();
    }
  }

  private void round() {
    for (Iterator<Deque<T>> each = files.iterator(); each.hasNext(); ) {
      Deque<T> file = each.next();
      T piece = file.poll();
      if (piece == null) {
        each.remove();
      } else {
        out.accept(piece);
      }
    }
  }
}
