package dev.chrysalis.vault.log;

import dev.chrysalis.vault.LogPiece;
import dev.chrysalis.vault.backend.Backend;
import dev.chrysalis.vault.seal.Damage;
import dev.chrysalis.vault.seal.ObjectType;
import dev.chrysalis.vault.seal.SealedBody;
import dev.chrysalis.vault.seal.SealedObjects;
import dev.chrysalis.vault.seal.UnsealingStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/// The objects of one log. Safe for many threads.
final class Pieces {
  private static final long HEADER_LOOK = 4096;
  private static final int COPY_BYTES = 64 * 1024;

  private final SealedObjects objects;
  private final LogKeys keys;

  Pieces(SealedObjects objects, LogKeys keys) {
    this.objects = objects;
    this.keys = keys;
  }

  /// A piece as listed.
  record Place(long from, long size) {}

  /// All pieces that are there, pruned or not, gaps too, in order.
  List<Place> places() {
    return listed(keys.pieces());
  }

  /// The places at which there may be gaps.
  List<Place> markers() {
    return listed(keys.markers());
  }

  /// The pieces and what is known of gaps between them.
  ///
  /// @param places those that were not pruned, gaps too, in order
  /// @param marked where there may be gaps
  record Layout(List<Place> places, List<Place> marked, Trims trims) {
    Optional<Place> after(int i) {
      return i + 1 < places.size() ? Optional.of(places.get(i + 1)) : Optional.empty();
    }

    /// Whether a piece that ends at a position may be followed by this one.
    boolean joins(long end, Place next) {
      return end == next.from() || trims.covers(end, next.from());
    }
  }

  /// Lists the log, in the order that its writers and prune rely on: pieces, markers, trims.
  Layout layout() {
    List<Place> all = places();
    List<Place> marked = markers();
    Trims trims = trims();
    return new Layout(
        all.stream().filter(place -> !trims.holds(place.from())).toList(), marked, trims);
  }

  /// The stretches that were pruned.
  Trims trims() {
    List<Trims.Trim> trims = new ArrayList<>();
    for (Backend.Listed object : objects.list(keys.trims())) {
      String rest = object.key().substring(keys.trims().length());
      if (rest.indexOf('/') < 0) {
        int middle = Math.max(rest.indexOf('-'), 0);
        trims.add(
            new Trims.Trim(
                position(object.key(), rest), position(object.key(), rest.substring(middle + 1))));
      }
    }
    return new Trims(trims);
  }

  private List<Place> listed(String prefix) {
    List<Place> places = new ArrayList<>();
    for (Backend.Listed object : objects.list(prefix)) {
      String rest = object.key().substring(prefix.length());
      if (rest.indexOf('/') < 0) {
        places.add(new Place(position(object.key(), rest), object.size()));
      }
    }
    places.sort(Comparator.comparingLong(Place::from));
    return places;
  }

  private static long position(String key, String name) {
    try {
      long from = Long.parseUnsignedLong(name.substring(0, Math.min(16, name.length())), 16);
      if (from >= 0) {
        return from;
      }
    } catch (NumberFormatException e) {
      throw Damage.damaged(key, "its key names no position", e);
    }
    throw Damage.damaged(key, "its key names an impossible position");
  }

  /// Makes requests side by side.
  <T, R> Stream<R> sideBySide(List<T> all, Function<? super T, ? extends R> request) {
    return objects.sideBySide(all, request);
  }

  PieceHeader header(Place place) {
    String key = keys.piece(place.from());
    try (UnsealingStream in = objects.open(key, ObjectType.PIECE, place.size(), HEADER_LOOK)) {
      return header(key, place.from(), in);
    }
  }

  /// The header of the piece at a position, or empty where there is none.
  Optional<PieceHeader> header(long from) {
    OptionalLong size = objects.backend().size(keys.piece(from));
    return size.isPresent()
        ? Optional.of(header(new Place(from, size.getAsLong())))
        : Optional.empty();
  }

  /// Reads a piece to its end, content too; its header.
  PieceHeader readWhole(Place place, LongConsumer read) {
    String key = keys.piece(place.from());
    try (UnsealingStream in = objects.open(key, ObjectType.PIECE, place.size(), Long.MAX_VALUE)) {
      PieceHeader header = header(key, place.from(), in);
      for (byte[] frame = in.nextFrame(); frame != null; frame = in.nextFrame()) {
        read.accept(frame.length);
      }
      return header;
    }
  }

  /// Checks a marker's object.
  void checkMarker(Place place) {
    objects.read(keys.marker(place.from()), ObjectType.GAP_MARKER, place.size());
  }

  InputStream content(long from) {
    String key = keys.piece(from);
    UnsealingStream in = objects.open(key, ObjectType.PIECE);
    try {
      if (header(key, from, in).gap()) {
        throw Damage.damaged(key, "it is a gap and has no content");
      }
      return in;
    } catch (RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private static PieceHeader header(String key, long from, UnsealingStream in) {
    byte[] frame = in.nextFrame();
    if (frame == null) {
      throw Damage.damaged(key, "it is empty");
    }
    return PieceHeader.read(key, from, frame);
  }

  /// Creates a piece, or finds one in its place. True when this call created it.
  boolean create(PieceHeader header, ByteBuffer content) {
    LogPiece piece = header.piece();
    String key = keys.piece(piece.from());
    SealedBody body =
        objects.seal(
            key,
            ObjectType.PIECE,
            out -> {
              out.write(header.bytes());
              if (header.gap()) {
                return;
              }
              out.endFrame();
              byte[] copy = new byte[Math.min(COPY_BYTES, content.remaining())];
              ByteBuffer left = content.duplicate();
              while (left.hasRemaining()) {
                int n = Math.min(copy.length, left.remaining());
                left.get(copy, 0, n);
                out.write(copy, 0, n);
              }
            });
    return objects.create(key, body);
  }

  /// Says that there may be a gap at a position.
  void mark(long from) {
    String key = keys.marker(from);
    objects.create(key, objects.seal(key, ObjectType.GAP_MARKER, new byte[0]));
  }
}
